package io.signvote.tools.perf;

import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.status.Status;
import org.agrona.UnsafeApi;

/** Votes that lie packed in memory. */
final class PackedBallot implements BallotSource {
    private final long ballot;

    /**
     * Votes at an address.
     *
     * @param ballot uint64[]; it stays where it is for the whole call.
     */
    PackedBallot(final long ballot) {
        this.ballot = ballot;
    }

    @Override
    public int fill(final long coordinate, final int count, final long words) {
        refill(coordinate, count, words);
        return Status.OK;
    }

    @Override
    public void refill(final long coordinate, final int count, final long words) {
        UnsafeApi.copyMemory(ballot + (coordinate >>> 6 << 3), words, Words.length(count));
    }
}
