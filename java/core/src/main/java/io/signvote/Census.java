package io.signvote;

/**
 * Counts zeros, values that are not finite, and ties over the life of a communicator. It covers the communicator's own
 * calls and the steps of its optimisers. {@code retry} of an optimiser counts nothing again. Not thread-safe: read it
 * while no call is open.
 */
public final class Census {
    private long zeros;
    private long notFinite;
    private long ties;

    Census() {}

    /**
     * {@return number of coordinates in ballots of this rank whose value was zero; {@link io.signvote.op.ZeroPolicy}
     * chose their votes} In a step of an optimiser the value is the momentum.
     */
    public long zeros() {
        return zeros;
    }

    /** {@return number of coordinates in ballots of this rank whose value was not finite; they voted as zeros} */
    public long notFinite() {
        return notFinite;
    }

    /**
     * {@return number of tied coordinates in the chunks that this rank tallied; {@link io.signvote.op.TiePolicy}
     * decided them}
     */
    public long ties() {
        return ties;
    }

    /**
     * Adds the counts of packed coordinates. The library calls this for its own calls and optimisers. A
     * {@link io.signvote.collective.BallotSource} of the caller calls it for the ballots that it packs itself.
     *
     * @param zeroCount coordinates that were zero.
     * @param notFiniteCount coordinates that were not finite.
     */
    public void add(final long zeroCount, final long notFiniteCount) {
        zeros += zeroCount;
        notFinite += notFiniteCount;
    }

    void onTies(final long count) {
        ties += count;
    }
}
