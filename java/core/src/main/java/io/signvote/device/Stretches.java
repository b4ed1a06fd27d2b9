package io.signvote.device;

import io.signvote.bits.Words;

/**
 * Cuts the words of a call into 1 to 8 stretches, which are copied between device and host one by one. So the first ballots are cast
 * while the last are packed. A stretch has a minimum length: below it, the driver's calls cost more than the copy.
 */
final class Stretches {
    /** Least bytes of words in a stretch. */
    static final int LENGTH_MIN = 256 << 10;

    /** Most stretches of a call. */
    static final int COUNT_MAX = 8;

    /** Words that a stretch is rounded up to, for aligned accesses on the device. */
    private static final int GRANULE = 32;

    private final long lengthMin;
    private long coordinates;
    private long words;
    private int count;

    /**
     * Cuts a call.
     *
     * @param coordinates of the call, at least 0; nothing is cut into no stretches.
     * @param lengthMin least bytes of words in a stretch, where there are several.
     */
    Stretches(final long coordinates, final long lengthMin) {
        this.lengthMin = lengthMin;
        set(coordinates);
    }

    /** Cuts another call. */
    void set(final long coordinates) {
        this.coordinates = coordinates;
        final long all = Words.count(coordinates);
        final long most = Math.max(1, Math.min(COUNT_MAX, (all << 3) / lengthMin));
        words = Math.max(GRANULE, (all + most * GRANULE - 1) / (most * GRANULE) * GRANULE);
        count = (int) ((all + words - 1) / words);
    }

    /** Most bytes that the words of a call take when each stretch is rounded up. */
    static long lengthMax(final long coordinates) {
        return Words.length(coordinates) + (long) COUNT_MAX * GRANULE * Long.BYTES;
    }

    long coordinates() {
        return coordinates;
    }

    int count() {
        return count;
    }

    /** Bytes of words in a stretch; the last may have fewer. */
    long length() {
        return words << 3;
    }

    long firstCoordinate(final int stretch) {
        return stretch * words << 6;
    }

    long coordinates(final int stretch) {
        return Math.min(words << 6, coordinates - firstCoordinate(stretch));
    }

    int of(final long coordinate) {
        return (int) ((coordinate >>> 6) / words);
    }
}
