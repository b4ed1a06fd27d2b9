package io.signvote.op;

/**
 * What a rank votes for a coordinate that is zero (of either sign) or not finite. One bit has no zero, so one of these is
 * part of every call, and every rank must name the same.
 */
public enum ZeroPolicy {
    /** Votes positive. A parameter whose gradient is zero everywhere then drifts by the learning rate each step. */
    POSITIVE,

    /** Votes by a lot that depends on seed, communicator, step, rank and coordinate only. The default. */
    RANDOM,

    /** Casts no vote, in a second plane of bits. Has its place on the wire, is not built yet and is refused. */
    ABSTAIN
}
