package io.signvote.tools.perf;

import io.signvote.bits.Words;
import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * The correct result of a call. It is computed from the {@link Ballots} of all ranks, without the library's kernels.
 * {@link Ties} decides tied coordinates.
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
     * Counts wrong coordinates of a packed verdict. A bit of the tail that is not 0 counts as wrong.
     *
     * @param address verdict, uint64[ceil(count / 64)].
     * @param count coordinates, at least 1.
     * @return number of wrong coordinates, 0 if all are right.
     */
    long wrongSigns(final long address, final long count) {
        final long words = Words.count(count);
        long wrong = 0;
        for (long word = 0; word < words; word++) {
            tally(word);
            final long mask = word == words - 1 ? Words.tailMask(count) : -1L;
            wrong += Long.bitCount(UnsafeApi.getLong(address + (word << 3)) ^ negative & mask);
        }
        return wrong;
    }

    /**
     * Counts coordinates of a float verdict that differ from the expected -1 or +1.
     *
     * @param address verdict, float32[count].
     * @param count coordinates, at least 1.
     * @return number of wrong coordinates, 0 if all are right.
     */
    long wrongVerdicts(final long address, final long count) {
        long wrong = 0;
        for (long i = 0; i < count; i++) {
            if ((i & Words.LANES - 1) == 0) {
                tally(i >>> 6);
            }
            final float expected = (negative >>> i & 1) != 0 ? -1.0f : 1.0f;
            if (UnsafeApi.getFloat(address + (i << 2)) != expected) {
                wrong++;
            }
        }
        return wrong;
    }

    /**
     * Counts sums that differ in any bit from the floats added in rank order.
     *
     * @param address sums, float32[count].
     * @param count coordinates, at least 1.
     * @return number of wrong coordinates, 0 if all are right.
     */
    long wrongSums(final long address, final long count) {
        long wrong = 0;
        for (long i = 0; i < count; i++) {
            float sum = ranks[0].value(i);
            for (int rank = 1; rank < ranks.length; rank++) {
                sum += ranks[rank].value(i);
            }
            if (Float.floatToRawIntBits(sum) != UnsafeApi.getInt(address + (i << 2))) {
                wrong++;
            }
        }
        return wrong;
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
