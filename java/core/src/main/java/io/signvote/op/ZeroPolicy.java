package io.signvote.op;

/**
 * What a rank votes for a coordinate that is zero (of either sign) or not finite. One bit has no zero, so one of these is
 * part of every call, and every rank must name the same.
 */
public enum ZeroPolicy {
    /** Votes positive. A parameter whose gradient is zero everywhere then drifts by the learning rate each step. */
    POSITIVE(0),

    /** Votes by a lot that depends on seed, communicator, step, rank and coordinate only. The default. */
    RANDOM(1),

    /** Casts no vote, in a second plane of bits. Has its place on the wire, is not built yet and is refused. */
    ABSTAIN(2);

    private static final ZeroPolicy[] ALL = values();

    private final int code;

    ZeroPolicy(final int code) {
        this.code = code;
    }

    /**
     * The number of this policy wherever it is written as one: in data frames and in the kernels in C and CUDA.
     *
     * @return code, at least 0.
     */
    public int code() {
        return code;
    }

    /**
     * The policy of a code.
     *
     * @param code anything.
     * @return the policy, or null if no policy has this code.
     */
    public static ZeroPolicy of(final int code) {
        for (final ZeroPolicy each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }
}
