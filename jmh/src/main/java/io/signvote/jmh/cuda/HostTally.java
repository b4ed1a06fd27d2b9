package io.signvote.jmh.cuda;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.Kernels;
import io.signvote.op.TiePolicy;

/** A tally on the host as ballots arrive there: one after another into planes, then the verdict. */
final class HostTally {
    private HostTally() {}

    /**
     * Counts and decides.
     *
     * @param kernels of the host.
     * @param ballots words, one ballot after another.
     * @param stride words from a ballot to the next.
     * @param count ballots.
     * @param verdict target.
     * @param n coordinates.
     * @param tieKey of the lots of ties.
     * @param firstWord index in the whole call of the first word.
     */
    static void run(
            final Kernels kernels,
            final long ballots,
            final int stride,
            final int count,
            final long verdict,
            final int n,
            final long tieKey,
            final long firstWord) {
        final int words = n + Long.SIZE - 1 >>> 6;
        final int planes = Integer.SIZE - Integer.numberOfLeadingZeros(count);
        try (OffHeap memory = new OffHeap((long) planes * words << 3)) {
            for (int ballot = 0; ballot < count; ballot++) {
                kernels.accumulate(ballots + ((long) ballot * stride << 3), memory.address(), words, words, ballot);
            }
            kernels.majority(memory.address(), words, verdict, n, count, TiePolicy.RANDOM, tieKey, firstWord);
        }
    }
}
