package io.signvote.examples;

/** The learning rate over a run: full at first, then down to zero along half a cosine. The same for every method. */
final class Schedule {
    private Schedule() {}

    /**
     * Rate of a round.
     *
     * @param peak   rate of the first round.
     * @param round  0 to rounds - 1.
     * @param rounds of the whole run.
     * @return above 0.
     */
    static float rate(final float peak, final int round, final int rounds) {
        return (float) (peak * (1 + StrictMath.cos(Math.PI * round / rounds)) / 2);
    }
}
