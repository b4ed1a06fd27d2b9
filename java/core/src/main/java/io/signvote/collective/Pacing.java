package io.signvote.collective;

import org.agrona.concurrent.NanoClock;

/**
 * How many frames each peer may have open towards us: the credit that we grant. Starts small, grows by half while the last
 * raise delivered at least 3 % more, and falls by a quarter when frames were lost, remembering the height at which that
 * happened. A static window alone knows nothing of the other senders, and collapses where they meet.
 */
final class Pacing {
    private static final int INITIAL = 8;
    private static final int LEAST = 2;
    private static final double GAIN = 1.03;
    private static final int LEAST_EPOCH_FRAMES = 64;
    private static final int EPOCH_CREDITS = 4;
    private static final int HOLD_EPOCHS = 8;
    private static final int CEILING_EPOCHS = 256;

    private final NanoClock clock;
    private final boolean isFixed;
    private int credit;
    private int cap = Integer.MAX_VALUE;
    private int ceiling = Integer.MAX_VALUE;
    private int ceilingEpochs;
    private int holdEpochs;
    private boolean isProbing;
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

    /** Counts a frame that arrived; now and then decides. */
    void onFrame(final int length, final long nakCount) {
        epochBytes += length;
        if (++epochFrames < Math.max(LEAST_EPOCH_FRAMES, EPOCH_CREDITS * credit() * senders) || isFixed) {
            return;
        }
        final long nowNs = clock.nanoTime();
        final double rate = epochBytes / (double) Math.max(1, epochNs + nowNs - resumedNs);
        adapt(rate, nakCount > this.nakCount);
        this.nakCount = nakCount;
        epochFrames = 0;
        epochBytes = 0;
        epochNs = 0;
        resumedNs = nowNs;
    }

    private void adapt(final double rate, final boolean hasLost) {
        if (--ceilingEpochs <= 0) {
            ceiling = Integer.MAX_VALUE;
        }
        if (hasLost) {
            ceiling = credit();
            ceilingEpochs = CEILING_EPOCHS;
            credit = Math.max(LEAST, credit() * 3 / 4);
            isProbing = false;
            holdEpochs = HOLD_EPOCHS;
        } else if (isProbing && rate < rateBefore * GAIN) {
            isProbing = false;
            holdEpochs = HOLD_EPOCHS;
        } else if (isProbing || --holdEpochs <= 0) {
            raise(rate);
        }
    }

    private void raise(final double rate) {
        final int next = Math.min(credit + Math.max(1, credit / 2), Math.min(cap, ceiling - 1));
        isProbing = next > credit;
        credit = Math.max(credit, next);
        rateBefore = rate;
    }
}
