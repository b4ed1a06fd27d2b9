package io.signvote;

import io.signvote.collective.Round;
import org.agrona.concurrent.IdleStrategy;

/**
 * The end of a communicator, which keeps the interrupts of its thread until it is closed. Whoever ends a job still waits for others,
 * who would lose what they need, and an interrupted thread waits for nothing. One thread.
 */
final class Departure implements AutoCloseable {
    private boolean isInterrupted = Thread.interrupted();

    /**
     * Says goodbye, and waits for the goodbyes of the others.
     *
     * @return whether all of them came. Otherwise a warning says why: nothing of ours is lost.
     */
    boolean leave(final Round round, final long timeoutNs, final IdleStrategy idleStrategy) {
        try {
            round.leave(timeoutNs);
            while (!round.isIdle()) {
                idleStrategy.idle(round.doWork());
                isInterrupted |= Thread.interrupted();
            }
            return true;
        } catch (final RuntimeException e) {
            System.getLogger("io.signvote").log(System.Logger.Level.WARNING, "while closing: " + e.getMessage());
            return false;
        }
    }

    /** Gives the interrupt back, if there was one. */
    @Override
    public void close() {
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
