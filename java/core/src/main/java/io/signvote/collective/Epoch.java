package io.signvote.collective;

import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * The measurements of {@link Pacing} between two decisions: frames, their bytes, the time inside rounds, and frames that were
 * requested again.
 *
 * <p>A small call among large ones, such as a barrier, has a cap below the credit, so its rate does not measure the
 * credit. Its frames and its time are not counted. If a whole epoch of such frames arrives without a larger round, the
 * job makes only small calls, and they count.
 */
final class Epoch {
    static final int LEAST_FRAMES = 512;

    private final NanoClock clock;
    private final LongSupplier nakCounter;

    /** Cap of the largest recent round. */
    private int usualCap;

    /** Whether the cap of this round is smaller than that of recent rounds. */
    private boolean isCut;

    private int cutFrames;
    private int frames;
    private long bytes;
    private long ns;
    private long resumedNs;
    private long nakCount;

    Epoch(final NanoClock clock, final LongSupplier nakCounter) {
        this.clock = clock;
        this.nakCounter = nakCounter;
    }

    /**
     * Continues the epoch in a new round.
     *
     * @param cap most credit of the round.
     * @param credit to grant if there were no cap.
     * @param leastCredit least credit; a cap that is not higher leaves nothing to decide.
     */
    void beginRound(final int cap, final int credit, final int leastCredit) {
        if (cap >= usualCap) {
            usualCap = cap;
            cutFrames = 0;
        }
        isCut = cap <= leastCredit || cap < Math.min(credit, usualCap);
        if (frames == 0) {
            nakCount = nakCounter.getAsLong();
        }
        if (!isCut) {
            resumedNs = clock.nanoTime();
        }
    }

    void endRound() {
        if (!isCut) {
            ns += clock.nanoTime() - resumedNs;
        }
    }

    /**
     * Counts a frame.
     *
     * @param length bytes.
     * @param cap most credit of the round.
     * @param leastCredit least credit; a cap that is not higher leaves nothing to decide.
     * @return whether the frame belongs to the epoch.
     */
    boolean add(final int length, final int cap, final int leastCredit) {
        if (isCut) {
            addCut(cap, leastCredit);
            return false;
        }
        frames++;
        bytes += length;
        return true;
    }

    private void addCut(final int cap, final int leastCredit) {
        if (++cutFrames >= LEAST_FRAMES && cap > leastCredit) {
            usualCap = cap;
            cutFrames = 0;
            isCut = false;
            nakCount = nakCounter.getAsLong();
            restart(clock.nanoTime());
        }
    }

    int frames() {
        return frames;
    }

    /** Bytes per nanosecond until now. */
    double rate(final long nowNs) {
        return bytes / (double) Math.max(1, ns + nowNs - resumedNs);
    }

    /** Whether frames were requested again since the last call of this method. */
    boolean hasLoss() {
        final long nakCountBefore = nakCount;
        nakCount = nakCounter.getAsLong();
        return nakCount > nakCountBefore;
    }

    void restart(final long nowNs) {
        frames = 0;
        bytes = 0;
        ns = 0;
        resumedNs = nowNs;
    }
}
