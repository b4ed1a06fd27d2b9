package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.wire.Call;

/** Puts the ballots of all ranks beside each other in the result, in rank order. */
final class GatherTally implements Tally {
    private final int member;
    private int[] counts = new int[0];
    private Geometry geometry;
    private boolean isSigns;
    private int ballots;
    private int indexMask;
    private long result;
    private long blockLength;

    /**
     * Makes a tally.
     *
     * @param member number of this member.
     */
    GatherTally(final int member) {
        this.member = member;
    }

    @Override
    public void begin(
            final Call call, final Geometry geometry, final int ballots, final int window, final long result) {
        this.geometry = geometry;
        this.ballots = ballots;
        isSigns = call.payloadType() == DataType.SIGN;
        this.result = result;
        blockLength = geometry.resultLength() / ballots;
        indexMask = window - 1;
        counts = Memory.cleared(counts, window);
    }

    @Override
    public boolean isTurn(final int index, final int voter) {
        return true;
    }

    @Override
    public long place(final int index, final int chunk) {
        return placeOf(member, chunk);
    }

    @Override
    public boolean add(final int index, final int voter, final int chunk, final long ballot) {
        final long target = placeOf(voter, chunk);
        if (ballot != target) {
            Copies.copy(ballot, target, geometry.payloadLength(chunk));
        }
        if (isSigns) {
            // a ballot of another rank may have anything behind its last sign
            Words.clearTail(target, geometry.coordinates(chunk));
        }
        final int counted = counts[index & indexMask] + 1;
        counts[index & indexMask] = counted == ballots ? 0 : counted;
        return counted == ballots;
    }

    private long placeOf(final int voter, final int chunk) {
        return result + voter * blockLength + geometry.offset(chunk);
    }

    @Override
    public void close() {}
}
