package io.signvote.op;

/** The verdict on a coordinate with as many positive as negative votes. */
public enum TiePolicy {
    /** Positive. */
    POSITIVE,

    /** Drawn by lot from seed, communicator, step and coordinate, the same on every rank. The default. */
    RANDOM,

    /** Negative. */
    NEGATIVE,

    /** Zero; goes with {@link ZeroPolicy#ABSTAIN}. Has its place on the wire, is not built yet and is refused. */
    ZERO
}
