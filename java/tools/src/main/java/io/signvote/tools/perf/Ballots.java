package io.signvote.tools.perf;

import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import org.agrona.UnsafeApi;

/**
 * What the ranks contribute, from a seed alone, so that every rank knows what every other one has. The float of a coordinate
 * has the sign that the rank's ballot has there and a magnitude in [1, 2) with all bits of its mantissa in use, so that the
 * order of a sum shows.
 */
final class Ballots {
    private static final long SIGNS = 1;
    private static final long MAGNITUDES = 2;
    private static final int ONE = Float.floatToRawIntBits(1.0f);
    private static final int MANTISSA_SHIFT = Long.SIZE - 23;

    private final long signKey;
    private final long magnitudeKey;

    /**
     * What one rank contributes.
     *
     * @param seed of the run.
     * @param step of the call; another step, other ballots.
     * @param rank whose contribution it is.
     */
    Ballots(final long seed, final long step, final int rank) {
        signKey = Lot.key(seed, SIGNS, step, rank);
        magnitudeKey = Lot.key(seed, MAGNITUDES, step, rank);
    }

    /**
     * 64 signs.
     *
     * @param word index of the word.
     * @return ballot, 1 for negative; the tail is not masked.
     */
    long signs(final long word) {
        return Lot.lots(signKey, word);
    }

    /**
     * One float.
     *
     * @param coordinate index of it.
     * @return contribution.
     */
    float value(final long coordinate) {
        final int sign = (int) (signs(coordinate >>> 6) >>> coordinate) << 31;
        return Float.intBitsToFloat(sign | ONE | (int) (Lot.lots(magnitudeKey, coordinate) >>> MANTISSA_SHIFT));
    }

    /**
     * Writes the packed ballot.
     *
     * @param address target, uint64[ceil(count / 64)]; the tail is written as 0.
     * @param count coordinates, at least 1.
     */
    void writeSigns(final long address, final long count) {
        final long last = Words.count(count) - 1;
        for (long word = 0; word < last; word++) {
            UnsafeApi.putLong(address + (word << 3), signs(word));
        }
        UnsafeApi.putLong(address + (last << 3), signs(last) & Words.tailMask(count));
    }

    /**
     * Writes the floats.
     *
     * @param address target, float32[count].
     * @param count coordinates, at least 1.
     */
    void writeValues(final long address, final long count) {
        for (long i = 0; i < count; i++) {
            UnsafeApi.putFloat(address + (i << 2), value(i));
        }
    }
}
