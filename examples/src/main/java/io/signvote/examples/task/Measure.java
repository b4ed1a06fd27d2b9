package io.signvote.examples.task;

import io.signvote.examples.net.Score;

/** What a score is told by. */
public enum Measure {
    /** Share of samples that are told right, in percent. */
    ACCURACY("test accuracy, %", true) {
        @Override
        public double of(final Score score) {
            return 100.0 * score.right() / score.count();
        }
    },
    /** Mean loss, in bits. */
    BITS("test loss, bits per character", false) {
        @Override
        public double of(final Score score) {
            return score.loss() / score.count() / Math.log(2);
        }
    },
    /** The mean of what is to be made small. */
    OBJECTIVE("objective", false) {
        @Override
        public double of(final Score score) {
            return score.loss() / score.count();
        }
    };

    private final String title;
    private final boolean isHigherBetter;

    Measure(final String title, final boolean isHigherBetter) {
        this.title = title;
        this.isHigherBetter = isHigherBetter;
    }

    /** {@return name and unit, for axes} */
    public String title() {
        return title;
    }

    /**
     * The value of a score.
     *
     * @param score of at least one sample.
     * @return in the unit of {@link #title}.
     */
    public abstract double of(Score score);

    /**
     * Compares two values; what is not a number is worse than any other.
     *
     * @param a one.
     * @param b another.
     * @return whether a is better.
     */
    public boolean isBetter(final double a, final double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return !Double.isNaN(a);
        }
        return isHigherBetter ? a > b : a < b;
    }
}
