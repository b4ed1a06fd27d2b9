package io.signvote.collective;

/**
 * Finds the credit with the highest rate. While the rate is steady, a leader tries a higher credit. It takes the raise
 * back if the rate gained less than 3 %. Frames that only wait in a queue gain nothing, and a frame lost there costs
 * the time of the whole queue. So each raise in vain doubles the wait before the next one.
 *
 * <pre>
 *             the wait is over, the rate steady, more allowed:
 *             credit is raised by half
 *   STEADY ------------------------------------------------&gt; SETTLING
 *     ^  ^                                                       |
 *     |  |                                                       | an epoch
 *     |  |    an epoch: the credit is kept if it gained 3 %,     v
 *     |  +--- else taken back ------------------------------- PROBING
 *     |
 *     +--- {@link #restart}, from anywhere: loss, an objection, a change of leader
 * </pre>
 */
final class Search {
    private static final double GAIN = 1.03;
    private static final int LEAST_HOLD_EPOCHS = 8;
    private static final int MOST_HOLD_EPOCHS = 512;

    private enum Phase {
        STEADY,
        SETTLING,
        PROBING
    }

    private Phase phase = Phase.STEADY;
    private int creditBefore;
    private double rateBefore;
    private int holdEpochs;
    private int nextHoldEpochs = LEAST_HOLD_EPOCHS;

    /** Forgets the rates before: they do not predict the rates to come. */
    void restart() {
        phase = Phase.STEADY;
        rateBefore = 0;
    }

    /**
     * Decides after an epoch.
     *
     * @param rate of the epoch.
     * @param credit that was in force.
     * @param limit most credit that may be tried.
     * @return credit of the next epoch.
     */
    int onRate(final double rate, final int credit, final int limit) {
        return switch (phase) {
            case STEADY -> hold(rate, credit, limit);
            case SETTLING -> {
                phase = Phase.PROBING;
                yield credit;
            }
            case PROBING -> judge(rate, credit);
        };
    }

    private int hold(final double rate, final int credit, final int limit) {
        final boolean isSteady = rate < rateBefore * GAIN && rateBefore < rate * GAIN;
        final int next = Math.min(credit + Math.max(1, credit / 2), limit);
        if (--holdEpochs < 0 && isSteady && next > credit) {
            phase = Phase.SETTLING;
            creditBefore = credit;
            rateBefore = Math.max(rate, rateBefore);
            return next;
        }
        rateBefore = rate;
        return credit;
    }

    private int judge(final double rate, final int credit) {
        final boolean hasGained = rate >= rateBefore * GAIN;
        phase = Phase.STEADY;
        rateBefore = rate;
        if (hasGained) {
            nextHoldEpochs = LEAST_HOLD_EPOCHS;
            return credit;
        }
        holdEpochs = nextHoldEpochs;
        nextHoldEpochs = Math.min(2 * nextHoldEpochs, MOST_HOLD_EPOCHS);
        return creditBefore;
    }
}
