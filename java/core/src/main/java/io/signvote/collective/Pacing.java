package io.signvote.collective;

import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * How many frames each peer may have open towards us: the credit that we grant. A static window alone knows nothing of the
 * other senders, and collapses where they meet.
 *
 * <p>A round ends with its slowest tallier, and whoever grants more takes a larger share of every sender's link. So in a vote
 * the least credit granted by anyone is in force for all. One member leads and searches; the others only object after loss.
 *
 * <p>The credit starts small, which fills a slow network and leaves its queues short. It is decided anew after each epoch:
 *
 * <pre>
 *   frames --&gt; {@link Epoch} --+-- loss ---------------------&gt; credit x 3/4, {@link Ceiling} at the old one
 *                      +-- leader, others grant less --&gt; their credit, {@link Ceiling} at ours
 *                      +-- leader, else ---------------&gt; {@link Search}, below the {@link Ceiling}
 *                      +-- no leader, ceiling forgotten --&gt; no objection any more
 * </pre>
 */
final class Pacing {
    /** No receiver grants more. */
    static final int MOST = 256;

    static final int INITIAL = 8;
    private static final int LEAST = 2;
    private static final int EPOCH_CREDITS = 4;

    private final NanoClock clock;
    private final boolean isFixed;
    private final Epoch epoch;
    private final Search search = new Search();
    private final Ceiling ceiling = new Ceiling();
    private int credit;
    private int creditAsLeader = INITIAL;
    private boolean isLeader = true;
    private int cap = MOST;
    private int senders = 1;

    /**
     * A pacer.
     *
     * @param clock that rates are measured by.
     * @param nakCounter frames asked for again, so far; read once in an epoch.
     * @param fixedCredit credit for ever, or 0 to adapt.
     */
    Pacing(final NanoClock clock, final LongSupplier nakCounter, final int fixedCredit) {
        this.clock = clock;
        isFixed = fixedCredit > 0;
        credit = isFixed ? fixedCredit : INITIAL;
        epoch = new Epoch(clock, nakCounter);
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
        this.senders = Math.max(1, senders);
        if (isLeader != this.isLeader && !isFixed) {
            // broadcasts from here and from there take turns: what was found as leader is not lost
            creditAsLeader = isLeader ? creditAsLeader : credit;
            credit = isLeader ? creditAsLeader : MOST;
            search.restart();
        }
        this.isLeader = isLeader;
        // no credit goes below LEAST: where no more fits there is nothing to decide
        epoch.beginRound(cap, credit, LEAST);
    }

    void endRound() {
        epoch.endRound();
    }

    /**
     * Counts a frame that arrived; once in an epoch, decides.
     *
     * @param length bytes.
     * @param inForce least credit that anyone grants.
     */
    void onFrame(final int length, final int inForce) {
        if (!isFixed && epoch.add(length, cap, LEAST) && epoch.frames() >= epochFrames(inForce)) {
            decide(inForce);
        }
    }

    private int epochFrames(final int inForce) {
        return Math.max(Epoch.LEAST_FRAMES, EPOCH_CREDITS * inForce * senders);
    }

    private void decide(final int inForce) {
        final long nowNs = clock.nanoTime();
        ceiling.onEpoch();
        if (epoch.hasLoss()) {
            lower(inForce, Math.max(LEAST, inForce * 3 / 4));
        } else if (isLeader && inForce < credit()) {
            lower(credit(), inForce);
        } else if (isLeader) {
            credit = search.onRate(epoch.rate(nowNs), credit, ceiling.limit(cap));
        } else if (ceiling.isForgotten()) {
            credit = MOST;
        }
        epoch.restart(nowNs);
    }

    private void lower(final int from, final int to) {
        ceiling.set(from);
        credit = to;
        search.restart();
    }
}
