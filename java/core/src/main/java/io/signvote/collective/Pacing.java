package io.signvote.collective;

import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * The credit that this member grants: the number of frames that each peer may have open towards it. A fixed window does
 * not consider the other senders, and loses frames when many send at once.
 *
 * <p>A round ends with its slowest tallier, and a tallier that grants more takes a larger share of every sender's link.
 * So in a vote the least credit of all talliers is in force for all. One member leads and searches. The others object
 * only after loss.
 *
 * <p>The credit starts small. A small credit fills a slow network and keeps its queues short. Each epoch ends with a
 * decision:
 *
 * <pre>
 *   frames --&gt; {@link Epoch} --+-- loss ---------------------&gt; credit x 3/4, {@link Ceiling} at the old one
 *                      +-- leader, others grant less --&gt; their credit, {@link Ceiling} at ours
 *                      +-- leader, else ---------------&gt; {@link Search}, below the {@link Ceiling}
 *                      +-- no leader, ceiling forgotten --&gt; no objection any more
 * </pre>
 */
final class Pacing {
    /** The most credit that a receiver grants. */
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
     * Makes a pacing with the first credit.
     *
     * @param clock for rates.
     * @param nakCounter number of frames that were requested again.
     * @param fixedCredit credit of every round, or 0 to adapt.
     */
    Pacing(final NanoClock clock, final LongSupplier nakCounter, final int fixedCredit) {
        this.clock = clock;
        isFixed = fixedCredit > 0;
        credit = isFixed ? fixedCredit : INITIAL;
        epoch = new Epoch(clock, nakCounter);
    }

    /** The credit that we grant, from 1 to the cap. */
    int credit() {
        return Math.min(credit, cap);
    }

    /**
     * Continues in a new round.
     *
     * @param cap most credit of the round.
     * @param senders number of members that send to us.
     * @param isLeader whether we search for the best credit, or only object to one that loses frames.
     */
    void beginRound(final int cap, final int senders, final boolean isLeader) {
        this.cap = cap;
        this.senders = Math.max(1, senders);
        if (isLeader != this.isLeader && !isFixed) {
            // this rank may be root and receiver of broadcasts in turn: keep the credit that it found as leader
            creditAsLeader = isLeader ? creditAsLeader : credit;
            credit = isLeader ? creditAsLeader : MOST;
            search.restart();
        }
        this.isLeader = isLeader;
        // no credit goes below LEAST: a cap that is not higher leaves nothing to decide
        epoch.beginRound(cap, credit, LEAST);
    }

    void endRound() {
        epoch.endRound();
    }

    /**
     * Counts a frame that has arrived. The last frame of an epoch decides the next credit.
     *
     * @param length bytes.
     * @param inForce credit in force, in a vote the least of all talliers.
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
