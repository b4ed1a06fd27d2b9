package io.signvote.bits;

import org.agrona.UnsafeApi;

/** Arithmetic of packed signs: coordinate {@code i} is bit {@code i mod 64} of word {@code i / 64}; 1 is negative. */
public final class Words {
    /** Lanes in a word. */
    public static final int LANES = Long.SIZE;

    private Words() {}

    /**
     * Words that hold a number of coordinates.
     *
     * @param coordinates at least 0.
     * @return ceil(coordinates / 64).
     */
    public static long count(final long coordinates) {
        return coordinates + LANES - 1 >>> 6;
    }

    /**
     * Bytes that hold a number of coordinates, in whole words.
     *
     * @param coordinates at least 0.
     * @return 8 ceil(coordinates / 64).
     */
    public static long length(final long coordinates) {
        return count(coordinates) << 3;
    }

    /**
     * Clears the lanes behind the last coordinate.
     *
     * @param words address of uint64[ceil(coordinates / 64)].
     * @param coordinates at least 0.
     */
    public static void clearTail(final long words, final long coordinates) {
        if (coordinates % LANES != 0) {
            final long last = words + (coordinates >>> 6 << 3);
            UnsafeApi.putLong(last, UnsafeApi.getLong(last) & tailMask(coordinates));
        }
    }

    /**
     * Mask of the lanes in use in the last word.
     *
     * @param coordinates at least 1.
     * @return ones for the lanes that carry a coordinate.
     */
    public static long tailMask(final long coordinates) {
        return -1L >>> (-coordinates & LANES - 1);
    }
}
