package io.signvote.examples.paper.stats;

import org.apache.commons.math3.distribution.TDistribution;

/** Student's t distribution: how far the mean of a few normal values may be off. */
public final class StudentT {
    private StudentT() {}

    /**
     * How likely |mean| / deviation of a sample is above a ratio where the mean of the distribution is 0.
     *
     * @param size  of the sample, at least 2.
     * @param ratio above 0.
     * @return both tails of t at ratio sqrt(size), with size - 1 degrees of freedom.
     */
    public static double above(final int size, final double ratio) {
        return 2 * distribution(size).cumulativeProbability(-ratio * Math.sqrt(size));
    }

    /**
     * The t of a two-sided interval of a mean.
     *
     * @param size       of the sample, at least 2.
     * @param confidence of the interval, above 0 and below 1.
     * @return deviations of the mean from the mean to either end, with size - 1 degrees of freedom.
     */
    public static double quantile(final int size, final double confidence) {
        return distribution(size).inverseCumulativeProbability((1 + confidence) / 2);
    }

    private static TDistribution distribution(final int size) {
        // without a source of random numbers: nothing is drawn
        return new TDistribution(null, size - 1);
    }
}
