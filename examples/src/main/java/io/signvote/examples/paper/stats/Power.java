package io.signvote.examples.paper.stats;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What a test of shape would see, if it were there, in samples of one size and at one level: found by drawing samples of known
 * shape.
 */
public final class Power {
    /** Of the draws, where a test counts as seeing. */
    public static final double SHARE = 0.8;

    private static final int SAMPLES = 200;
    private static final double STEP = 0.25;
    private static final double LARGEST = 16;

    private final int size;
    private final double level;
    private final int draws;
    private final long seed;

    /**
     * The power of tests.
     *
     * @param size  of the samples, at least 2.
     * @param level below or at which a p-value counts.
     * @param draws of the tests.
     * @param seed  of all draws.
     */
    public Power(final int size, final double level, final int draws, final long seed) {
        this.size = size;
        this.level = level;
        this.draws = draws;
        this.seed = seed;
    }

    /**
     * How far apart two peaks are that the dip test sees.
     *
     * @return distance of the means of two normal distributions, equally likely, in the deviation of one; infinite where there is
     *     none.
     */
    public double peaks() {
        final DipTest test = new DipTest(size, draws, seed);
        return least(distance -> isSeen(
                random -> random.nextGaussian() + (random.nextBoolean() ? distance : 0),
                sample -> test.pValue(sample) <= level));
    }

    /**
     * How skewed a distribution is whose asymmetry is seen: a log-normal one, by a critical value drawn from normal samples, which
     * the test itself draws from each sample and its mirror image.
     *
     * @return its skewness (0 of a normal, 2 of an exponential distribution); infinite where there is none.
     */
    public double skewness() {
        final SplittableRandom random = new SplittableRandom(seed);
        final double[] normal = new double[draws];
        final double[] sample = new double[size];
        for (int i = 0; i < draws; i++) {
            Arrays.setAll(sample, j -> random.nextGaussian());
            normal[i] = Math.abs(SymmetryTest.skew(sample));
        }
        Arrays.sort(normal);
        final double critical = normal[(int) Math.min(draws - 1.0, Math.ceil((1 - level) * draws))];
        return least(skewness -> {
            final double scale = logNormalScale(skewness);
            return isSeen(
                    source -> Math.exp(scale * source.nextGaussian()),
                    drawn -> Math.abs(SymmetryTest.skew(drawn)) > critical);
        });
    }

    /** Whose exponential is as skewed: (e^(s s) + 2) sqrt(e^(s s) - 1), which grows with s. */
    static double logNormalScale(final double skewness) {
        double low = 0;
        double high = 2;
        for (int i = 0; i < Double.SIZE; i++) {
            final double scale = (low + high) / 2;
            final double square = Math.exp(scale * scale);
            if ((square + 2) * Math.sqrt(square - 1) < skewness) {
                low = scale;
            } else {
                high = scale;
            }
        }
        return low;
    }

    /** Of a property's sizes, the least that is seen: what is larger is seen no worse. */
    private static double least(final DoublePredicate isSeen) {
        int below = 0;
        int above = (int) (LARGEST / STEP) + 1;
        while (above - below > 1) {
            final int middle = (below + above) / 2;
            if (isSeen.test(middle * STEP)) {
                above = middle;
            } else {
                below = middle;
            }
        }
        return above * STEP > LARGEST ? Double.POSITIVE_INFINITY : above * STEP;
    }

    private boolean isSeen(final ToDoubleFunction<SplittableRandom> draw, final Predicate<double[]> test) {
        final SplittableRandom random = new SplittableRandom(~seed);
        final double[] sample = new double[size];
        int seen = 0;
        for (int i = 0; i < SAMPLES; i++) {
            Arrays.setAll(sample, j -> draw.applyAsDouble(random));
            seen += test.test(sample) ? 1 : 0;
        }
        return seen >= SHARE * SAMPLES;
    }
}
