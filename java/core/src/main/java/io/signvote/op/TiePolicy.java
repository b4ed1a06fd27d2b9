package io.signvote.op;

/** The verdict on a tie: a coordinate with the same number of positive and negative votes. */
public enum TiePolicy {
    /** Positive. */
    POSITIVE(0),

    /** A lot that depends on seed, communicator, step and coordinate, the same on every rank. The default. */
    RANDOM(1),

    /** Negative. */
    NEGATIVE(2),

    /**
     * Zero, together with {@link ZeroPolicy#ABSTAIN}. It has a code on the wire, but is not supported yet and is refused.
     */
    ZERO(3);

    private static final TiePolicy[] ALL = values();

    private final int code;

    TiePolicy(final int code) {
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
    public static TiePolicy of(final int code) {
        for (final TiePolicy each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }
}
