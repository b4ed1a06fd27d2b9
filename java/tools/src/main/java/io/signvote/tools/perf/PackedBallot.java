package io.signvote.tools.perf;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;

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
    public void fill(final long coordinate, final int count, final long words) {
        refill(coordinate, count, words);
    }

    @Override
    public void refill(final long coordinate, final int count, final long words) {
        Copies.copy(ballot + (coordinate >>> 6 << 3), words, Words.length(count));
    }
}
