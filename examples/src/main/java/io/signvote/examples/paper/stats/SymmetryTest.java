package io.signvote.examples.paper.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Whether a sample is symmetric about its centre, wherever that is. The statistic is the distance of mean and median over the mean
 * distance from the median, times sqrt(pi / 2); its p-value is the share of samples at least as skewed among those drawn from the
 * sample and its mirror image together, which is symmetric by making.
 *
 * @see <a href="https://doi.org/10.1016/j.jspi.2004.07.015">Miao, Gel and Gastwirth 2006, for the statistic</a>
 */
public final class SymmetryTest {
    private final int draws;
    private final SplittableRandom random;

    /**
     * A test.
     *
     * @param draws that a sample is compared with.
     * @param seed  of these.
     */
    public SymmetryTest(final int draws, final long seed) {
        this.draws = draws;
        this.random = new SplittableRandom(seed);
    }

    /**
     * How likely a sample as skewed as this is where the distribution is symmetric.
     *
     * @param sample at least two values, in any order.
     * @return above 0, at most 1.
     */
    public double pValue(final double[] sample) {
        final double[] sorted = sample.clone();
        final double skew = Math.abs(skew(sorted));
        final double median = median(sorted);
        final double[] drawn = new double[sample.length];
        int larger = 0;
        for (int draw = 0; draw < draws; draw++) {
            for (int i = 0; i < drawn.length; i++) {
                final double from = sorted[random.nextInt(sorted.length)] - median;
                drawn[i] = random.nextBoolean() ? from : -from;
            }
            larger += Math.abs(skew(drawn)) >= skew ? 1 : 0;
        }
        return (larger + 1.0) / (draws + 1.0);
    }

    /** Sorts the sample. Positive where the mean is above the median; 0 where all values are the same. */
    static double skew(final double[] sample) {
        Arrays.sort(sample);
        final double median = median(sample);
        double sum = 0;
        double spread = 0;
        for (final double value : sample) {
            sum += value - median;
            spread += Math.abs(value - median);
        }
        return spread == 0 ? 0 : sum / (Math.sqrt(Math.PI / 2) * spread);
    }

    private static double median(final double[] sorted) {
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
