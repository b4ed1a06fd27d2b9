package io.signvote.examples.paper.figure;

import io.signvote.examples.task.Quadratic;

/**
 * What the paper's theorems promise for a function whose constants are known. Both take the rate sqrt(gap / (smoothness K)) and no
 * momentum.
 *
 * @param gap        f at the start less f*.
 * @param smoothness 1-norm of L.
 * @param noise      1-norm of sigma, of one sample.
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, theorems 1 and 2</a>
 */
record Promise(double gap, double smoothness, double noise) {
    /** Theorem 1, in text. */
    static final String SMALL_BATCH =
            "1/K sum_k [ sum over components with |g| > 2/sqrt(3) sigma of |g|, over the others of g^2 / sigma ]"
                    + " <= 3 sqrt(|L|_1 (f0 - f*) / K); signSGD, one worker, a batch of 1";

    /** Theorem 2, in text; the paper has the squares of both sides, and 4 / sqrt(N) with N = K^2. */
    static final String VOTE =
            "1/K sum_k |g|_1 <= 2 / sqrt(K) [ |sigma|_1 / ((1 - 2 alpha) sqrt(M)) + sqrt(|L|_1 (f0 - f*)) ]; a vote of M"
                    + " workers, of which alpha M < M / 2 are blind multiplicative adversaries (they invert, rescale or"
                    + " randomise), each with a batch of K";

    static Promise of(final Quadratic quadratic) {
        return new Promise(quadratic.startValue(), quadratic.smoothness(), quadratic.noise());
    }

    /** The rate that both theorems ask for. */
    double rate(final int steps) {
        return Math.sqrt(gap / (smoothness * steps));
    }

    /** Right side of theorem 1. */
    double smallBatch(final int steps) {
        return 3 * Math.sqrt(smoothness * gap / steps);
    }

    /** Right side of theorem 2, the root of both sides taken; there is none where half or more lie. */
    double vote(final int steps, final int workers, final int liars) {
        if (2 * liars >= workers) {
            return Double.NaN;
        }
        final double alpha = (double) liars / workers;
        return 2 / Math.sqrt(steps) * (noise / ((1 - 2 * alpha) * Math.sqrt(workers)) + Math.sqrt(smoothness * gap));
    }
}
