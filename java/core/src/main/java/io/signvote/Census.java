package io.signvote;

/**
 * Counts zeros, values that are not finite, and ties over the life of a communicator, in its own calls and in the steps of its
 * optimisers. {@code retry} of an optimiser counts nothing again. Not thread-safe: read it while no call is open.
 */
public final class Census {
    private long zeros;
    private long notFinite;
    private long ties;

    Census() {}

    /**
     * {@return coordinates of our ballots whose value was zero, with an optimiser its momentum, and voted by {@link
     * io.signvote.op.ZeroPolicy}}
     */
    public long zeros() {
        return zeros;
    }

    /** {@return coordinates of our ballots whose value was not finite and voted as a zero} */
    public long notFinite() {
        return notFinite;
    }

    /** {@return coordinates tied in the chunks that we tallied, decided by {@link io.signvote.op.TiePolicy}} */
    public long ties() {
        return ties;
    }

    /**
     * Counts what was packed into ballots. The library calls this for its own calls and optimisers. A {@link
     * io.signvote.collective.BallotSource} of the caller calls it for what it packs itself.
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
