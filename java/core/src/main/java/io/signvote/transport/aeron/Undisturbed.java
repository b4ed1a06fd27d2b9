package io.signvote.transport.aeron;

import java.util.concurrent.atomic.AtomicReference;
import org.agrona.LangUtil;

/**
 * Ends drivers and clients on a separate thread, which nobody interrupts. Aeron stops waiting for its threads at an
 * interrupt, and their sockets and directories would still be in use.
 */
final class Undisturbed {
    private Undisturbed() {}

    /** Runs a task and waits for its end, also on an interrupted thread, which keeps its interrupt. Throws what the task throws. */
    static void run(final Runnable task) {
        final AtomicReference<Throwable> error = new AtomicReference<>();
        final Thread thread = DriverLauncher.daemons("signvote-closing").newThread(() -> {
            try {
                task.run();
            } catch (final Throwable e) {
                error.set(e);
            }
        });
        try {
            thread.start();
        } catch (final OutOfMemoryError e) {
            task.run(); // no thread is left for it
            return;
        }
        join(thread);
        if (error.get() != null) {
            LangUtil.rethrowUnchecked(error.get());
        }
    }

    private static void join(final Thread thread) {
        boolean isInterrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (final InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
