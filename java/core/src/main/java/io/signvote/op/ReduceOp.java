package io.signvote.op;

/** How an allreduce combines the contributions of the ranks. */
public enum ReduceOp {
    /**
     * The sign of the sum of the signs, one bit per coordinate each way.
     *
     * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, algorithm 1</a>
     */
    MAJORITY(1),

    /**
     * The sum, added in rank order, ((x0 + x1) + x2) + .... So all ranks get the same bits for every order of arrival.
     * If the sum is a NaN, its sign and payload depend on the backend of the rank that adds.
     */
    SUM(2);

    private final int code;

    ReduceOp(final int code) {
        this.code = code;
    }

    /**
     * The number of this reduction in data frames.
     *
     * @return code, at least 1.
     */
    public int code() {
        return code;
    }
}
