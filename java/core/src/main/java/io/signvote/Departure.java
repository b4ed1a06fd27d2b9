package io.signvote;

import io.signvote.collective.Engine;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * The end of a communicator. It holds back the interrupts of its thread until it is closed. An interrupted thread could not wait,
 * and the other ranks would lose frames that they need. Used by one thread.
 */
final class Departure implements AutoCloseable {
    private static final long PARK_NS = 1_000_000;

    private boolean isInterrupted = Thread.interrupted();

    /**
     * Says goodbye, and waits for the goodbyes of the others. An error of the job is only logged: the calls of this
     * rank have ended.
     */
    void leave(final Engine engine, final long timeoutNs, final IdleStrategy idleStrategy) {
        try {
            engine.leave(timeoutNs);
            while (!engine.isIdle()) {
                idleStrategy.idle(engine.doWork());
                isInterrupted |= Thread.interrupted();
            }
        } catch (final RuntimeException e) {
            System.getLogger("io.signvote").log(System.Logger.Level.WARNING, "while closing: " + e.getMessage());
        }
    }

    /** Waits a moment for another thread. */
    void park(final Object blocker) {
        isInterrupted |= Thread.interrupted();
        LockSupport.parkNanos(blocker, PARK_NS);
    }

    /** Restores the interrupt, if there was one. */
    @Override
    public void close() {
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
