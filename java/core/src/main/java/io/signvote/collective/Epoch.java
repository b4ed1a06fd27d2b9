package io.signvote.collective;

import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * The measurements of {@link Pacing} between two decisions: frames, their bytes, the time inside rounds, and frames that were
 * requested again.
 *
 * <p>Small calls among large ones, such as a barrier, have caps that cut the credit, and say nothing of it. Their frames and time
 * are left out, unless an epoch of them comes without a larger round: then they are what this job does.
 */
final class Epoch {
    static final int LEAST_FRAMES = 512;

    private final NanoClock clock;
    private final LongSupplier nakCounter;

    /** Cap of the largest round of late. */
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
     * Goes on with a round.
     *
     * @param cap most credit of the round.
     * @param credit that would be granted without a cap.
     * @param leastCredit at which there is nothing left to decide.
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
     * @param leastCredit at which there is nothing left to decide.
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
