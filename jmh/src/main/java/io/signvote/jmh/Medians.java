package io.signvote.jmh;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Medians of samples, and their intervals of confidence. */
public final class Medians {
    private static final int RESAMPLES = 2_000;

    private Medians() {}

    /**
     * Computes a median.
     *
     * @param values samples, at least one; not changed.
     * @return the middle value, or the mean of the two middle values.
     */
    public static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * Computes the 95 % bootstrap interval of the median (Efron, 1979). Draws 2,000 samples of the same size with
     * replacement, and takes the median of each. The interval holds the middle 95 % of these medians. The same values
     * always give the same interval.
     *
     * @param values samples, at least one.
     * @return lower and upper end.
     */
    public static double[] interval(final double[] values) {
        final SplittableRandom random = new SplittableRandom(1);
        final double[] medians = new double[RESAMPLES];
        final double[] drawn = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(drawn, j -> values[random.nextInt(values.length)]);
            medians[i] = median(drawn);
        }
        Arrays.sort(medians);
        return new double[] {medians[RESAMPLES / 40], medians[RESAMPLES - 1 - RESAMPLES / 40]};
    }
}
