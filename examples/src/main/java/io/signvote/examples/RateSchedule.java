package io.signvote.examples;

/** The learning rate over a run, the same for every method that is compared. */
public enum RateSchedule {
    /** The peak all the time. */
    CONSTANT("constant") {
        @Override
        double share(final double progress) {
            return 1;
        }
    },
    /** The peak at first, then down to zero along half a cosine. */
    COSINE("down to zero along half a cosine") {
        @Override
        double share(final double progress) {
            return (1 + StrictMath.cos(Math.PI * progress)) / 2;
        }
    },
    /** The peak for two thirds of the run, then a tenth of it. */
    STEP("a tenth after two thirds of the steps") {
        @Override
        double share(final double progress) {
            return progress < 2.0 / 3 ? 1 : 0.1;
        }
    };

    private final String summary;

    RateSchedule(final String summary) {
        this.summary = summary;
    }

    /** {@return what it does, in a few words} */
    public String summary() {
        return summary;
    }

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
