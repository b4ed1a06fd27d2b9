package io.signvote.kernel.cuda;

import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/** Policies as the kernels know them, the numbers of {@code native/cpu/kernels.h}. */
final class PolicyCode {
    static final int POSITIVE = 0;
    static final int RANDOM = 1;
    static final int NEGATIVE = 2;

    private PolicyCode() {}

    static int of(final ZeroPolicy policy) {
        assert policy != ZeroPolicy.ABSTAIN : "refused above";
        return policy == ZeroPolicy.RANDOM ? RANDOM : POSITIVE;
    }

    static int of(final TiePolicy policy) {
        assert policy != TiePolicy.ZERO : "refused above";
        return policy == TiePolicy.RANDOM ? RANDOM : policy == TiePolicy.NEGATIVE ? NEGATIVE : POSITIVE;
    }
}
