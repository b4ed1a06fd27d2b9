package io.signvote.rendezvous;

import io.signvote.error.RendezvousException;
import org.agrona.ErrorHandler;

/** What the coordinator tells whoever hosts it. Owned by the coordinator's thread. */
final class Reports {
    /** Most reports that callers can cause between two jobs. */
    static final int MAX = 16;

    private final ErrorHandler handler;
    private int left = MAX;

    Reports(final ErrorHandler handler) {
        this.handler = handler;
    }

    /** A job has started: those who belong to it have proved that they can. */
    void reset() {
        left = MAX;
    }

    /** Tells it, unless callers have caused so many reports that they would fill a log. */
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

    /** Tells it. A handler that throws must end neither the loop nor the connection that is just served. */
    void tell(final Throwable error) {
        try {
            handler.onError(error);
        } catch (final Throwable e) {
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
