package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.kernel.Kernels;
import io.signvote.wire.Call;

/**
 * Adds floats in rank order, ((x0 + x1) + x2) + ..., directly in the result. A contribution that arrives early waits in
 * the log of its link. With one contribution per chunk it copies any payload, as a broadcast needs.
 */
final class SumTally implements Tally {
    private final Kernels kernels;

    private OffHeap spare = new OffHeap(0);
    private int[] counts = new int[0];
    private Geometry geometry;
    private int ballots;
    private int indexMask;
    private long result;

    SumTally(final Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void begin(
            final Call call, final Geometry geometry, final int ballots, final int window, final long result) {
        this.geometry = geometry;
        this.ballots = ballots;
        this.result = result;
        indexMask = window - 1;
        spare = spare.atLeast(geometry.maxPayloadLength());
        counts = Memory.cleared(counts, window);
    }

    @Override
    public boolean isTurn(final int index, final int voter) {
        return ballots == 1 || counts[index & indexMask] == voter;
    }

    @Override
    public long place(final int index, final int chunk) {
        return counts[index & indexMask] == 0 ? result + geometry.offset(chunk) : spare.address();
    }

    @Override
    public boolean add(final int index, final int chunk, final long ballot) {
        final long sum = result + geometry.offset(chunk);
        final int coordinates = geometry.coordinates(chunk);
        final int counted = counts[index & indexMask]++;

        if (counted > 0 && coordinates > 0) {
            kernels.add(ballot, sum, coordinates);
        } else if (counted == 0 && ballot != sum) {
            Copies.copy(ballot, sum, geometry.payloadLength(chunk));
        }
        if (counted + 1 < ballots) {
            return false;
        }

        counts[index & indexMask] = 0;
        return true;
    }

    @Override
    public void close() {
        spare.close();
    }
}
