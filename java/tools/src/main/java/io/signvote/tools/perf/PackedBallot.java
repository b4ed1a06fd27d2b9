package io.signvote.tools.perf;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;

/** A source of packed votes in memory. */
final class PackedBallot implements BallotSource {
    private final long ballot;

    /**
     * Makes a source of votes at an address.
     *
     * @param ballot address of uint64[], valid for the whole call.
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
