package io.signvote.collective;

import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.kernel.Kernels;
import io.signvote.wire.Call;
import org.agrona.CloseHelper;

/**
 * Counts votes in bit planes: ceil(log2(M + 1)) planes for each open chunk, and a carry-save add per ballot. Votes are
 * never expanded. Chunks close in order, and a voter is at most its credit ahead. So a ring of open chunks is enough,
 * and stays in cache.
 *
 * <pre>
 * ring slot:  plane 0 | plane 1 | ... | plane P-1 ,  P = bit length of M, each as long as a chunk's words
 * </pre>
 */
final class VoteTally implements Tally {
    private final Kernels kernels;
    private final long seed;
    private final long communicator;

    private OffHeap planes = new OffHeap(0);
    private OffHeap spare = new OffHeap(0);
    private int[] counts = new int[0];
    private Geometry geometry;
    private Call call;
    private int ballots;
    private int indexMask;
    private int planeWords;
    private long slotLength;
    private long tieKey;
    private long result;
    private long ties;

    VoteTally(final Kernels kernels, final long seed, final long communicator) {
        this.kernels = kernels;
        this.seed = seed;
        this.communicator = communicator;
    }

    @Override
    public void begin(
            final Call call, final Geometry geometry, final int ballots, final int window, final long result) {
        this.call = call;
        this.geometry = geometry;
        this.ballots = ballots;
        this.result = result;
        indexMask = window - 1;
        planeWords = (int) Words.count(geometry.chunkCoordinates());
        slotLength = (long) planeWords * Long.BYTES * (Integer.SIZE - Integer.numberOfLeadingZeros(ballots));
        tieKey = Lot.key(seed, communicator, call.step(), Lot.NOBODY);
        ties = 0;
        planes = planes.atLeast(slotLength * window);
        spare = spare.atLeast((long) planeWords * Long.BYTES);
        counts = Memory.cleared(counts, window);
    }

    @Override
    public boolean isTurn(final int index, final int voter) {
        return true;
    }

    @Override
    public long place(final int index, final int chunk) {
        return counts[index & indexMask] == 0 ? slot(index) : spare.address();
    }

    @Override
    public boolean add(final int index, final int voter, final int chunk, final long ballot) {
        final long slot = slot(index);
        final int coordinates = geometry.coordinates(chunk);
        final int counted = counts[index & indexMask]++;

        if (ballot != slot && coordinates > 0) {
            kernels.accumulate(ballot, slot, planeWords, (int) Words.count(coordinates), counted);
        }
        if (counted + 1 < ballots) {
            return false;
        }

        counts[index & indexMask] = 0;
        if (coordinates > 0) {
            ties += kernels.majority(
                    slot,
                    planeWords,
                    result + geometry.offset(chunk),
                    coordinates,
                    ballots,
                    call.tiePolicy(),
                    tieKey,
                    geometry.firstCoordinate(chunk) / Words.LANES);
        }
        return true;
    }

    @Override
    public long ties() {
        return ties;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(planes, spare);
    }

    private long slot(final int index) {
        return planes.address() + (index & indexMask) * slotLength;
    }
}
