package io.signvote.examples.task;

import io.signvote.examples.net.Score;
import io.signvote.examples.net.Tensors;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The toy of the paper: f(x) = |x|^2 / 2, whose gradient is x, seen by each rank through noise of its own, N(0, sigma^2 / batch)
 * in each component. All constants of the theorems are known: smoothness 1 in each component, f* = 0.
 */
public final class Quadratic implements Problem {
    private static final long PER_RANK = 0xD1B54A32D192ED03L;

    private final int dimensions;
    private final float start;
    private final double sigma;
    private final Watch watch;

    /** What a score tells. */
    public enum Watch {
        /** f(x) at the present. */
        OBJECTIVE {
            @Override
            double of(final float[] gradient, final double sigma) {
                return Double.NaN;
            }
        },
        /** The 1-norm of the true gradient, in the mean of the steps so far: the left side of theorem 2, unsquared. */
        NORM {
            @Override
            double of(final float[] gradient, final double sigma) {
                double sum = 0;
                for (final float g : gradient) {
                    sum += Math.abs(g);
                }
                return sum;
            }
        },
        /**
         * The same with g^2 / sigma in place of |g| where the ratio of gradient and noise is at most 2 / sqrt(3): the left side of
         * theorem 1.
         */
        MIXED_NORM {
            @Override
            double of(final float[] gradient, final double sigma) {
                double sum = 0;
                for (final float g : gradient) {
                    final double size = Math.abs(g);
                    sum += size > CRITICAL_RATIO * sigma ? size : size * size / sigma;
                }
                return sum;
            }
        };

        abstract double of(float[] gradient, double sigma);
    }

    /** Ratio of gradient and noise above which theorem 1 counts a component fully: 2 / sqrt(3). */
    public static final double CRITICAL_RATIO = 2 / Math.sqrt(3);

    /**
     * A quadratic.
     *
     * @param dimensions of x.
     * @param start      of every component.
     * @param sigma      deviation of the noise of one sample.
     * @param watch      what scores tell.
     */
    public Quadratic(final int dimensions, final float start, final double sigma, final Watch watch) {
        this.dimensions = dimensions;
        this.start = start;
        this.sigma = sigma;
        this.watch = watch;
    }

    /** {@return f at the start; above f*, which is 0, by as much} */
    public double startValue() {
        return 0.5 * dimensions * start * start;
    }

    /** {@return the 1-norm of L: every component's gradient changes as fast as the component} */
    public double smoothness() {
        return dimensions;
    }

    /** {@return the 1-norm of sigma, for one sample} */
    public double noise() {
        return dimensions * sigma;
    }

    @Override
    public String settings() {
        return "quadratic dimensions=" + dimensions + " start=" + start + " sigma=" + sigma + " watch=" + watch;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "f(x) = |x|^2 / 2 in %,d dimensions, every component from %s, noise N(0, %s) in each",
                dimensions,
                start,
                sigma * sigma);
    }

    @Override
    public Measure measure() {
        return Measure.OBJECTIVE;
    }

    /** There are no passes. */
    @Override
    public long trainCount() {
        return 1;
    }

    /** The noise of a batch's mean is drawn in one go. */
    @Override
    public long cost(final int batch) {
        return 1;
    }

    @Override
    public Learner learner(final int rank, final int ranks, final int batch, final long seed) {
        return new NoisyGradient(rank, batch, new SplittableRandom(seed + (rank + 1) * PER_RANK));
    }

    private final class NoisyGradient implements Learner {
        private final int rank;
        private final float deviation;
        private final SplittableRandom random;
        private final float[] parameters = new float[dimensions];
        private final float[] gradients = new float[dimensions];
        private double watched;
        private int steps;

        NoisyGradient(final int rank, final int batch, final SplittableRandom random) {
            this.rank = rank;
            this.deviation = (float) (sigma / Math.sqrt(batch));
            this.random = random;
        }

        @Override
        public float[] parameters() {
            return parameters;
        }

        @Override
        public float[] gradients() {
            return gradients;
        }

        @Override
        public Tensors tensors() {
            return new Tensors(dimensions);
        }

        @Override
        public void initialise(final long seed) {
            Arrays.fill(parameters, start);
        }

        @Override
        public double learn(final int step) {
            if (rank == 0) {
                watched += watch.of(parameters, sigma);
                steps++;
            }
            for (int i = 0; i < dimensions; i++) {
                gradients[i] = parameters[i] + deviation * (float) random.nextGaussian();
            }
            return objective();
        }

        /** The same on all ranks, so that one is enough. */
        @Override
        public Score score(final Split split) {
            if (rank != 0) {
                return Score.NONE;
            }
            return new Score(watch == Watch.OBJECTIVE || steps == 0 ? objective() : watched / steps, 0, 1);
        }

        private double objective() {
            double sum = 0;
            for (final float x : parameters) {
                sum += (double) x * x;
            }
            return sum / 2;
        }
    }
}
