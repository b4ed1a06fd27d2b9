package io.signvote.examples;

/** The learning rate over a run, the same for every method that is compared. */
public enum Schedule {
    /** The peak all the time. */
    CONSTANT {
        @Override
        double share(final double progress) {
            return 1;
        }
    },
    /** The peak at first, then down to zero along half a cosine. */
    COSINE {
        @Override
        double share(final double progress) {
            return (1 + StrictMath.cos(Math.PI * progress)) / 2;
        }
    },
    /** The peak for two thirds of the run, then a tenth of it. */
    STEP {
        @Override
        double share(final double progress) {
            return progress < 2.0 / 3 ? 1 : 0.1;
        }
    };

    /**
     * Rate of a round.
     *
     * @param peak   rate of the first round.
     * @param round  0 to rounds - 1.
     * @param rounds of the whole run.
     * @return above 0.
     */
    public float rate(final float peak, final int round, final int rounds) {
        return (float) (peak * share((double) round / rounds));
    }

    abstract double share(double progress);
}
