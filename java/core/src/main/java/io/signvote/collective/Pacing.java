package io.signvote.collective;

import org.agrona.concurrent.NanoClock;

/**
 * How many frames each peer may have open towards us: the credit that we grant. A static window alone knows nothing of the
 * other senders, and collapses where they meet.
 *
 * <p>Credit starts small, which fills a slow network and leaves its queues short. It is raised by half where the rate was
 * steady, kept if that delivered at least 3 % more and taken back if not, then left alone for longer each time: frames that
 * only wait in a queue gain nothing, and one lost there costs the time of the whole queue. Loss lowers it by a quarter and is
 * remembered for a while.
 */
final class Pacing {
    static final int INITIAL = 8;
    private static final int LEAST = 2;
    private static final double GAIN = 1.03;
    private static final int LEAST_EPOCH_FRAMES = 512;
    private static final int EPOCH_CREDITS = 4;
    private static final int LEAST_HOLD_EPOCHS = 8;
    private static final int MOST_HOLD_EPOCHS = 512;
    private static final int CEILING_EPOCHS = 256;

    private enum Phase {
        STEADY,
        SETTLING,
        PROBING
    }

    private final NanoClock clock;
    private final boolean isFixed;
    private int credit;
    private int cap = Integer.MAX_VALUE;
    private int ceiling = Integer.MAX_VALUE;
    private int ceilingEpochs;
    private int holdEpochs;
    private int nextHoldEpochs = LEAST_HOLD_EPOCHS;
    private Phase phase = Phase.STEADY;
    private int creditBefore;
    private double rateBefore;

    private int senders = 1;
    private int epochFrames;
    private long epochBytes;
    private long epochNs;
    private long resumedNs;
    private long nakCount;

    /**
     * A pacer.
     *
     * @param clock that rates are measured by.
     * @param fixedCredit credit for ever, or 0 to adapt.
     */
    Pacing(final NanoClock clock, final int fixedCredit) {
        this.clock = clock;
        isFixed = fixedCredit > 0;
        credit = isFixed ? fixedCredit : INITIAL;
    }

    int credit() {
        return Math.min(credit, cap);
    }

    void beginRound(final int cap, final int senders, final long nakCount) {
        this.cap = cap;
        this.senders = Math.max(1, senders);
        if (epochFrames == 0) {
            this.nakCount = nakCount;
        }
        resumedNs = clock.nanoTime();
    }

    void endRound() {
        epochNs += clock.nanoTime() - resumedNs;
    }

    /** Counts a frame that arrived; once in an epoch, decides. */
    void onFrame(final int length, final long nakCount) {
        epochBytes += length;
        if (++epochFrames < Math.max(LEAST_EPOCH_FRAMES, EPOCH_CREDITS * credit() * senders) || isFixed) {
            return;
        }
        final long nowNs = clock.nanoTime();
        final double rate = epochBytes / (double) Math.max(1, epochNs + nowNs - resumedNs);
        if (--ceilingEpochs <= 0) {
            ceiling = Integer.MAX_VALUE;
        }
        if (nakCount > this.nakCount) {
            onLoss();
        } else {
            onRate(rate);
        }
        this.nakCount = nakCount;
        epochFrames = 0;
        epochBytes = 0;
        epochNs = 0;
        resumedNs = nowNs;
    }

    private void onLoss() {
        ceiling = credit();
        ceilingEpochs = CEILING_EPOCHS;
        credit = Math.max(LEAST, credit() * 3 / 4);
        phase = Phase.STEADY;
        rateBefore = 0;
    }

    private void onRate(final double rate) {
        switch (phase) {
            case STEADY -> {
                final boolean isSteady = rate < rateBefore * GAIN && rateBefore < rate * GAIN;
                if (--holdEpochs < 0 && isSteady) {
                    raise();
                }
                rateBefore = phase == Phase.STEADY ? rate : Math.max(rate, rateBefore);
            }
            case SETTLING -> phase = Phase.PROBING;
            case PROBING -> {
                phase = Phase.STEADY;
                if (rate >= rateBefore * GAIN) {
                    nextHoldEpochs = LEAST_HOLD_EPOCHS;
                } else {
                    credit = creditBefore;
                    holdEpochs = nextHoldEpochs;
                    nextHoldEpochs = Math.min(2 * nextHoldEpochs, MOST_HOLD_EPOCHS);
                }
                rateBefore = rate;
            }
        }
    }

    private void raise() {
        final int next = Math.min(credit() + Math.max(1, credit() / 2), Math.min(cap, ceiling - 1));
        if (next > credit) {
            creditBefore = credit;
            credit = next;
            phase = Phase.SETTLING;
        }
    }
}
