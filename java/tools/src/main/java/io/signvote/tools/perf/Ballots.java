package io.signvote.tools.perf;

import io.signvote.bits.Lot;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import org.agrona.UnsafeApi;

/**
 * The contribution of one rank. It depends on a seed only, so every rank can compute the contributions of all others.
 * The float of a coordinate has the sign of the rank's ballot and a magnitude in [1, 2). It uses all bits of the
 * mantissa, so sums in different orders differ. An integer has any bits.
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
     * The element of one coordinate.
     *
     * @param type of the elements, not SIGN.
     * @param coordinate its index.
     * @return its bits, as {@link Numbers} reads them.
     */
    long bits(final DataType type, final long coordinate) {
        if (type == DataType.FLOAT32) {
            return Float.floatToRawIntBits(value(coordinate)) & 0xFFFF_FFFFL;
        }
        final long lots = Lot.lots(magnitudeKey, coordinate);
        final long sign = signs(coordinate >>> 6) >>> coordinate & 1;
        return switch (type) {
            case FLOAT16 -> sign << 15 | 15 << 10 | lots >>> Long.SIZE - 10;
            case BFLOAT16 -> sign << 15 | 127 << 7 | lots >>> Long.SIZE - 7;
            case FLOAT64 -> sign << 63 | 1023L << 52 | lots >>> Long.SIZE - 52;
            default -> Numbers.wrapped(type, lots);
        };
    }

    /**
     * Writes a part of the contribution.
     *
     * @param type of the elements.
     * @param address target, type[count]; of SIGN, uint64[ceil(count / 64)], whose tail is written as 0.
     * @param first coordinate of the part, of SIGN a multiple of 64.
     * @param count coordinates, at least 0.
     */
    void write(final DataType type, final long address, final long first, final long count) {
        if (type != DataType.SIGN) {
            for (long i = 0; i < count; i++) {
                Numbers.put(type, address, i, bits(type, first + i));
            }
            return;
        }
        for (long i = 0; i < count; i += Words.LANES) {
            final long mask = count - i > Words.LANES ? -1L : Words.tailMask(count);
            UnsafeApi.putLong(address + (i >>> 3), signs(first + i >>> 6) & mask);
        }
    }
}
