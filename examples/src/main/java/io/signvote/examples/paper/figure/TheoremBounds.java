package io.signvote.examples.paper.figure;

import io.signvote.examples.task.Quadratic;

/**
 * The bounds of the paper's theorems for a function with known constants. Both theorems take the rate sqrt(gap / (smoothness K)) and no
 * momentum.
 *
 * @param gap        f at the start less f*.
 * @param smoothness 1-norm of L.
 * @param noise      1-norm of sigma, of one sample.
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, theorems 1 and 2</a>
 */
record TheoremBounds(double gap, double smoothness, double noise) {
    static TheoremBounds of(final Quadratic quadratic) {
        return new TheoremBounds(quadratic.startValue(), quadratic.smoothness(), quadratic.noise());
    }

    /** The rate that both theorems ask for. */
    double rate(final int steps) {
        return Math.sqrt(gap / (smoothness * steps));
    }

    /** The right side of theorem 1. */
    double smallBatch(final int steps) {
        return 3 * Math.sqrt(smoothness * gap / steps);
    }

    /**
     * The right side of theorem 2. It is the root of the paper's, which has the squares of both sides, and 4 / sqrt(N) with N = K^2.
     *
     * @return the bound; not a number if half of the workers or more are adversaries.
     */
    double vote(final int steps, final int workers, final int liars) {
        if (2 * liars >= workers) {
            return Double.NaN;
        }
        final double alpha = (double) liars / workers;
        return 2 / Math.sqrt(steps) * (noise / ((1 - 2 * alpha) * Math.sqrt(workers)) + Math.sqrt(smoothness * gap));
    }
}
