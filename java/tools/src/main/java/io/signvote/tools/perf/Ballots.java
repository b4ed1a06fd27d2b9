package io.signvote.tools.perf;

import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import org.agrona.UnsafeApi;

/**
 * The contribution of one rank. It depends on a seed only, so every rank can compute the contributions of all others.
 * The float of a coordinate has the sign of the rank's ballot and a magnitude in [1, 2). It uses all bits of the
 * mantissa, so sums in different orders differ.
 */
final class Ballots {
    private static final long SIGNS = 1;
    private static final long MAGNITUDES = 2;
    private static final int ONE = Float.floatToRawIntBits(1.0f);
    private static final int MANTISSA_SHIFT = Long.SIZE - 23;

    private final long signKey;
    private final long magnitudeKey;

    /**
     * Makes the contribution of one rank.
     *
     * @param seed of the run.
     * @param step of the call; each step has other ballots.
     * @param rank that contributes.
     */
    Ballots(final long seed, final long step, final int rank) {
        signKey = Lot.key(seed, SIGNS, step, rank);
        magnitudeKey = Lot.key(seed, MAGNITUDES, step, rank);
    }

    /**
     * The signs of 64 coordinates.
     *
     * @param word index of the word.
     * @return ballot, 1 for negative; the tail is not masked.
     */
    long signs(final long word) {
        return Lot.lots(signKey, word);
    }

    /**
     * The float of one coordinate.
     *
     * @param coordinate its index.
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
