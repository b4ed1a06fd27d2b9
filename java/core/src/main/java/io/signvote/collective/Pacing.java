package io.signvote.collective;

import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * How many frames each peer may have open towards us: the credit that we grant. A static window alone knows nothing of the
 * other senders, and collapses where they meet.
 *
 * <p>A round ends with its slowest tallier, and whoever grants more takes a larger share of every sender's link. So in a vote
 * the least credit granted by anyone is in force for all: one leads and searches, the others only object after loss.
 *
 * <p>Credit starts small, which fills a slow network and leaves its queues short. The leader raises it by half where the rate
 * was steady, keeps that if it delivered at least 3 % more and takes it back if not, then leaves it alone for longer each
 * time: frames that only wait in a queue gain nothing, and one lost there costs the time of the whole queue. Loss lowers it by
 * a quarter and is remembered for a while.
 *
 * <p>Small calls among large ones, such as a barrier, have caps that cut the credit and say nothing of it: their frames and time
 * are left out, unless an epoch of them comes without a larger round, for then they are what this job does.
 */
final class Pacing {
    /** No receiver grants more. */
    static final int MOST = 256;

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
    private final LongSupplier nakCounter;
    private final boolean isFixed;
    private int credit;
    private int creditAsLeader = INITIAL;
    private int cap = MOST;
    private boolean isLeader = true;

    /** Cap of the largest round of late. */
    private int usualCap;

    /** Whether the cap of this round is small, for once. */
    private boolean isCut;

    private int cutFrames;
    private int ceiling;
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
     * @param nakCounter frames asked for again, so far; read once in an epoch.
     * @param fixedCredit credit for ever, or 0 to adapt.
     */
    Pacing(final NanoClock clock, final LongSupplier nakCounter, final int fixedCredit) {
        this.clock = clock;
        this.nakCounter = nakCounter;
        isFixed = fixedCredit > 0;
        credit = isFixed ? fixedCredit : INITIAL;
    }

    /** What we grant, 1 to the cap. */
    int credit() {
        return Math.min(credit, cap);
    }

    /**
     * Resumes with a round.
     *
     * @param cap most credit of the round.
     * @param senders that share us.
     * @param isLeader whether we search for the best credit, or only object to one that loses frames.
     */
    void beginRound(final int cap, final int senders, final boolean isLeader) {
        this.cap = cap;
        if (isLeader != this.isLeader && !isFixed) {
            // broadcasts from here and from there take turns: what was found as leader is not lost
            creditAsLeader = isLeader ? creditAsLeader : credit;
            credit = isLeader ? creditAsLeader : MOST;
            phase = Phase.STEADY;
            rateBefore = 0;
        }
        this.isLeader = isLeader;
        this.senders = Math.max(1, senders);
        if (cap >= usualCap) {
            usualCap = cap;
            cutFrames = 0;
        }
        // no credit goes below LEAST: where no more fits there is nothing to decide
        isCut = cap <= LEAST || cap < Math.min(credit, usualCap);
        if (epochFrames == 0) {
            nakCount = nakCounter.getAsLong();
        }
        resumedNs = clock.nanoTime();
    }

    void endRound() {
        if (!isCut) {
            epochNs += clock.nanoTime() - resumedNs;
        }
    }

    /**
     * Counts a frame that arrived; once in an epoch, decides.
     *
     * @param length bytes.
     * @param inForce least credit that anyone grants.
     */
    void onFrame(final int length, final int inForce) {
        if (isCut) {
            onCutFrame();
            return;
        }
        epochBytes += length;
        if (++epochFrames < Math.max(LEAST_EPOCH_FRAMES, EPOCH_CREDITS * inForce * senders) || isFixed) {
            return;
        }
        final long nowNs = clock.nanoTime();
        final double rate = epochBytes / (double) Math.max(1, epochNs + nowNs - resumedNs);
        ceilingEpochs--;
        final long nakCountBefore = nakCount;
        nakCount = nakCounter.getAsLong();
        if (nakCount > nakCountBefore) {
            lower(inForce, Math.max(LEAST, inForce * 3 / 4));
        } else if (isLeader && inForce < credit()) {
            lower(credit(), inForce);
        } else if (isLeader) {
            onRate(rate);
        } else if (ceilingEpochs <= 0) {
            credit = MOST;
        }
        beginEpoch(nowNs);
    }

    private void onCutFrame() {
        if (++cutFrames >= LEAST_EPOCH_FRAMES && cap > LEAST) {
            usualCap = cap;
            cutFrames = 0;
            isCut = false;
            nakCount = nakCounter.getAsLong();
            beginEpoch(clock.nanoTime());
        }
    }

    private void beginEpoch(final long nowNs) {
        epochFrames = 0;
        epochBytes = 0;
        epochNs = 0;
        resumedNs = nowNs;
    }

    private void lower(final int from, final int to) {
        ceiling = from;
        ceilingEpochs = CEILING_EPOCHS;
        credit = to;
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
        final int next =
                Math.min(credit() + Math.max(1, credit() / 2), Math.min(cap, ceilingEpochs > 0 ? ceiling - 1 : cap));
        if (next > credit) {
            creditBefore = credit;
            credit = next;
            phase = Phase.SETTLING;
        }
    }
}
