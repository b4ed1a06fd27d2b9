package io.signvote.tools.perf;

import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * The correct result of a call. It is computed from the {@link Ballots} of all ranks, without the library's kernels.
 * Floats are combined in rank order, so a result is right only if all its bits are. {@link Ties} decides tied
 * coordinates.
 */
final class ExpectedResult {
    /** Bits of a count of up to 255 ballots. */
    private static final int PLANES = 8;

    private final Ballots[] ranks;
    private final long[] planes = new long[PLANES];
    private final Ties ties;
    private long negative;

    /**
     * Makes the expected result of one call.
     *
     * @param seed of the run.
     * @param inputs step of the ballots.
     * @param worldSize ranks, 1 to 255.
     * @param ties of the call.
     */
    ExpectedResult(final long seed, final long inputs, final int worldSize, final Ties ties) {
        this.ties = ties;
        ranks = new Ballots[worldSize];
        for (int rank = 0; rank < worldSize; rank++) {
            ranks[rank] = new Ballots(seed, inputs, rank);
        }
    }

    /**
     * Counts wrong coordinates of a part of a reduced vector. A bit of the tail of SIGN that is not 0 counts as wrong.
     *
     * @param op reduction.
     * @param type of the elements.
     * @param first coordinate of the part, of SIGN a multiple of 64.
     * @param address result, type[count]; of SIGN, uint64[ceil(count / 64)].
     * @param count coordinates, at least 0.
     * @return number of wrong coordinates, 0 if all are right.
     */
    long wrongReduced(final ReduceOp op, final DataType type, final long first, final long address, final long count) {
        long wrong = 0;
        if (type == DataType.SIGN) {
            for (long i = 0; i < count; i += Words.LANES) {
                wrong += wrongSigns(reducedSigns(op, first + i >>> 6), address + (i >>> 3), count - i);
            }
            return wrong;
        }
        for (long i = 0; i < count; i++) {
            if (op == ReduceOp.MAJORITY && (i == 0 || (first + i & Words.LANES - 1) == 0)) {
                tally(first + i >>> 6);
            }
            if (reduced(op, type, first + i) != Numbers.get(type, address, i)) {
                wrong++;
            }
        }
        return wrong;
    }

    /**
     * Counts wrong coordinates of a part of one rank's contribution.
     *
     * @param rank that contributed.
     * @param type of the elements.
     * @param first coordinate of the part, of SIGN a multiple of 64.
     * @param address copy, type[count]; of SIGN, uint64[ceil(count / 64)], and a bit of the tail counts as wrong.
     * @param count coordinates, at least 0.
     * @return number of wrong coordinates, 0 if all are right.
     */
    long wrongCopied(final int rank, final DataType type, final long first, final long address, final long count) {
        long wrong = 0;
        if (type == DataType.SIGN) {
            for (long i = 0; i < count; i += Words.LANES) {
                wrong += wrongSigns(ranks[rank].signs(first + i >>> 6), address + (i >>> 3), count - i);
            }
            return wrong;
        }
        for (long i = 0; i < count; i++) {
            if (ranks[rank].bits(type, first + i) != Numbers.get(type, address, i)) {
                wrong++;
            }
        }
        return wrong;
    }

    /** Compares one word, of which the last coordinates may be behind the end. */
    private static long wrongSigns(final long expected, final long address, final long left) {
        final long mask = left > Words.LANES ? -1L : Words.tailMask(left);
        return Long.bitCount(UnsafeApi.getLong(address) ^ expected & mask);
    }

    private long reducedSigns(final ReduceOp op, final long word) {
        if (op == ReduceOp.MAJORITY) {
            tally(word);
            return negative;
        }
        long signs = ranks[0].signs(word);
        for (int rank = 1; rank < ranks.length; rank++) {
            signs = ofIntegers(op, signs, ranks[rank].signs(word));
        }
        return signs;
    }

    /** The bits of one element that is no sign. */
    private long reduced(final ReduceOp op, final DataType type, final long coordinate) {
        if (op == ReduceOp.MAJORITY) {
            return Numbers.bits(type, (negative >>> coordinate & 1) != 0 ? -1 : 1);
        }
        if (!type.isFloat()) {
            long value = ranks[0].bits(type, coordinate);
            for (int rank = 1; rank < ranks.length; rank++) {
                value = Numbers.wrapped(type, ofIntegers(op, value, ranks[rank].bits(type, coordinate)));
            }
            return op == ReduceOp.AVG ? value / ranks.length : value;
        }
        double value = Numbers.value(type, ranks[0].bits(type, coordinate));
        for (int rank = 1; rank < ranks.length; rank++) {
            value = ofFloats(op, type, value, Numbers.value(type, ranks[rank].bits(type, coordinate)));
        }
        if (op == ReduceOp.AVG) {
            value = type == DataType.FLOAT64 ? value / ranks.length : (float) value / ranks.length;
        }
        return Numbers.bits(type, value);
    }

    private static long ofIntegers(final ReduceOp op, final long a, final long b) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PROD -> a * b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case BAND -> a & b;
            case BOR -> a | b;
            case BXOR -> a ^ b;
            case MAJORITY -> throw new IllegalStateException("a vote is a tally");
        };
    }

    /** Floats of 16 bits are combined as float32. */
    private static double ofFloats(final ReduceOp op, final DataType type, final double a, final double b) {
        return switch (op) {
            case SUM, AVG -> type == DataType.FLOAT64 ? a + b : (float) a + (float) b;
            case PROD -> type == DataType.FLOAT64 ? a * b : (float) a * (float) b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            default -> throw new IllegalStateException(op + " of floats");
        };
    }

    /** Counts 64 lanes at once: plane p holds bit p of each lane's number of negative votes. */
    private void tally(final long word) {
        Arrays.fill(planes, 0);
        for (final Ballots rank : ranks) {
            long carry = rank.signs(word);
            for (int plane = 0; carry != 0; plane++) {
                final long both = planes[plane] & carry;
                planes[plane] ^= carry;
                carry = both;
            }
        }
        compare(ranks.length, word);
    }

    /** Compares every lane's count with half of the ballots, from the highest bit down. */
    private void compare(final int ballots, final long word) {
        final int half = ballots >>> 1;
        long above = 0;
        long equal = -1L;
        for (int plane = PLANES - 1; plane >= 0; plane--) {
            final long bit = (half >>> plane & 1) != 0 ? -1L : 0L;
            above |= equal & planes[plane] & ~bit;
            equal &= ~(planes[plane] ^ bit);
        }
        // more than half of an odd number is more than its half rounded down
        negative = (ballots & 1) == 0 ? above | equal & ties.signs(word) : above;
    }
}
