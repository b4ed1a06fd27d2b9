package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;

/**
 * Combines contributions element by element, directly in the result. If the order matters, it is that of the ranks,
 * ((x0 + x1) + x2) + ..., and a contribution that arrives early waits in the log of its link. Floats of 16 bits are
 * combined as float32 beside the result. With one contribution per chunk it copies any payload, as a broadcast needs.
 */
final class FoldTally implements Tally {
    private final Kernels kernels;

    private OffHeap spare = new OffHeap(0);

    /** Float32 sums of the open chunks, for floats of 16 bits. */
    private OffHeap wide = new OffHeap(0);

    private int[] counts = new int[0];
    private Geometry geometry;
    private ReduceOp op;
    private DataType type;
    private boolean isOrdered;
    private int ballots;
    private int indexMask;
    private long result;

    FoldTally(final Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void begin(
            final Call call, final Geometry geometry, final int ballots, final int window, final long result) {
        this.geometry = geometry;
        this.ballots = ballots;
        this.result = result;
        op = call.op();
        type = call.payloadType();
        isOrdered = op != null && op.isOrdered(type);
        indexMask = window - 1;
        spare = spare.atLeast(geometry.maxPayloadLength());
        counts = Memory.cleared(counts, window);
        if (isWide()) {
            wide = wide.atLeast(window * wideLength());
        }
    }

    @Override
    public boolean isTurn(final int index, final int voter) {
        return ballots == 1 || !isOrdered || counts[index & indexMask] == voter;
    }

    @Override
    public long place(final int index, final int chunk) {
        return counts[index & indexMask] == 0 && !isWide() ? result + geometry.offset(chunk) : spare.address();
    }

    @Override
    public boolean add(final int index, final int voter, final int chunk, final long ballot) {
        final int coordinates = geometry.coordinates(chunk);
        final int counted = counts[index & indexMask]++;
        final boolean isLast = counted + 1 == ballots;
        final long target = result + geometry.offset(chunk);
        if (coordinates > 0) {
            fold(index, ballot, target, geometry.payloadLength(chunk), coordinates, counted, isLast);
        }
        if (!isLast) {
            return false;
        }
        counts[index & indexMask] = 0;
        return true;
    }

    private void fold(
            final int index,
            final long ballot,
            final long target,
            final int length,
            final int coordinates,
            final int counted,
            final boolean isLast) {
        final long sums = isWide() ? wide.address() + (index & indexMask) * wideLength() : target;
        if (counted == 0 && isWide()) {
            kernels.widen(type, ballot, sums, coordinates);
        } else if (counted == 0 && ballot != target) {
            Copies.copy(ballot, target, length);
        } else if (counted > 0 && type == DataType.SIGN) {
            kernels.fold(op, DataType.INT64, ballot, target, (int) Words.count(coordinates));
        } else if (counted > 0) {
            kernels.fold(op, type, ballot, sums, coordinates);
        }
        if (isLast && ballots > 1 && (isWide() || op == ReduceOp.AVG)) {
            kernels.finish(op, type, sums, target, coordinates, ballots);
        } else if (isLast && type == DataType.SIGN) {
            // a ballot of another rank may have anything there
            Words.clearTail(target, coordinates);
        }
    }

    private boolean isWide() {
        return ballots > 1 && type.isHalf();
    }

    private long wideLength() {
        return (long) geometry.chunkCoordinates() * Float.BYTES;
    }

    @Override
    public void close() {
        spare.close();
        wide.close();
    }
}
