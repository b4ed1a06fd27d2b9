package io.signvote.transport.aeron;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.ErrorHandler;

/**
 * Takes the errors of Aeron's threads: counts all and keeps the first, which is the one that explains. In the place of
 * Aeron's own handler, which may exit the process. Thread-safe.
 */
final class ErrorTrap implements ErrorHandler {
    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<Throwable> first = new AtomicReference<>();

    @Override
    public void onError(final Throwable throwable) {
        first.compareAndSet(null, throwable);
        count.incrementAndGet();
    }

    /** First error, or null. */
    Throwable first() {
        return first.get();
    }

    /** Errors so far. */
    long count() {
        return count.get();
    }

    /** For the end of a message: what went wrong first, if anything did. */
    String summary() {
        final Throwable error = first.get();
        return error == null ? "" : ", first of " + count.get() + " driver errors: " + error.getMessage();
    }
}
