package io.signvote.rendezvous;

import io.signvote.error.RendezvousException;
import org.agrona.ErrorHandler;

/** Errors that the coordinator reports to the error handler of its host. Owned by the coordinator's thread. */
final class Reports {
    /** Most reports that callers can cause between two jobs. */
    static final int MAX = 16;

    private final ErrorHandler handler;
    private int left = MAX;

    Reports(final ErrorHandler handler) {
        this.handler = handler;
    }

    /** Resets the limit, because a job has started. */
    void reset() {
        left = MAX;
    }

    /**
     * Reports an error that a caller has caused, unless callers have reached the limit. The limit keeps them from
     * filling a log.
     */
    void caused(final Throwable error) {
        if (left == 0) {
            return;
        }
        left--;
        tell(
                left > 0
                        ? error
                        : new RendezvousException(
                                error.getMessage() + "; nothing more is reported until a job has started"));
    }

    /** Reports an error. A handler that throws ends neither the loop nor the current connection. */
    void tell(final Throwable error) {
        try {
            handler.onError(error);
        } catch (final Throwable e) {
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
