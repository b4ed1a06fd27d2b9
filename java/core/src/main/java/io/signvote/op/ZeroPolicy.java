package io.signvote.op;

/**
 * The vote of a rank for a coordinate that is zero (of either sign) or not finite. One bit cannot express zero, so
 * every call has such a policy. It must be the same on every rank.
 */
public enum ZeroPolicy {
    /** Votes positive. A parameter whose gradient is zero everywhere then drifts by the learning rate each step. */
    POSITIVE(0),

    /** Votes by a lot that depends on seed, communicator, step, rank and coordinate only. The default. */
    RANDOM(1),

    /** Casts no vote, by a second plane of bits. It has a code on the wire, but is not supported yet and is refused. */
    ABSTAIN(2);

    private static final ZeroPolicy[] ALL = values();

    private final int code;

    ZeroPolicy(final int code) {
        this.code = code;
    }

    /**
     * The number of this policy in data frames and in the kernels in C and CUDA.
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
