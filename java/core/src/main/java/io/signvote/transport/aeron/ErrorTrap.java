package io.signvote.transport.aeron;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.agrona.ErrorHandler;

/**
 * Handles the errors of Aeron's threads. It counts all, and keeps the first, which is the cause. It replaces Aeron's
 * own handler, which may exit the process. Thread-safe.
 */
final class ErrorTrap implements ErrorHandler {
    // "ERROR - io.aeron.exceptions.AeronException : ERROR - channel error - <reason> (at ...): aeron:udp?...,
    // errorCode.."
    private static final Pattern PREAMBLE =
            Pattern.compile("^(?:(?:FATAL|ERROR|WARN) - |[\\w.$]+(?:Exception|Error) ?: |channel error - )+");
    private static final Pattern POSTSCRIPT =
            Pattern.compile("(?: \\(at |:? aeron:|, errorCodeValue=).*$", Pattern.DOTALL);

    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<Throwable> first = new AtomicReference<>();

    @Override
    public void onError(final Throwable throwable) {
        first.compareAndSet(null, throwable);
        count.incrementAndGet();
    }

    /** The first error, or null. */
    Throwable first() {
        return first.get();
    }

    /** Number of errors so far. */
    long count() {
        return count.get();
    }

    /** The reason of an error, without the classes, channels and codes that Aeron adds. */
    static String reason(final Throwable error) {
        final String message = error.getMessage() == null ? error.toString() : error.getMessage();
        final String reason =
                POSTSCRIPT.matcher(PREAMBLE.matcher(message).replaceFirst("")).replaceFirst("");
        return reason.isBlank() ? message : reason;
    }

    /** The first error, if there is one, for the end of a message. */
    String summary() {
        final Throwable error = first.get();
        return error == null ? "" : ", first of " + count.get() + " driver errors: " + reason(error);
    }
}
