package io.signvote;

/** Votes that one bit could not say, counted over the life of a communicator. Written by the thread inside its calls. */
public final class Census {
    private long zeros;
    private long notFinite;
    private long ties;

    Census() {}

    /** {@return coordinates of our ballots that were zero and voted by {@link io.signvote.op.ZeroPolicy}} */
    public long zeros() {
        return zeros;
    }

    /** {@return coordinates of our ballots that were not finite and voted as zeros} */
    public long notFinite() {
        return notFinite;
    }

    /** {@return coordinates tied in the chunks that we tallied, decided by {@link io.signvote.op.TiePolicy}} */
    public long ties() {
        return ties;
    }

    void onPacked(final long zerosAndNotFinite) {
        zeros += zerosAndNotFinite & 0xFFFF_FFFFL;
        notFinite += zerosAndNotFinite >>> 32;
    }

    void onPacked(final long zeroCount, final long notFiniteCount) {
        zeros += zeroCount;
        notFinite += notFiniteCount;
    }

    void onTies(final long count) {
        ties += count;
    }
}
