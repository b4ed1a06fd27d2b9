package io.signvote.examples.paper;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What SIGINT and SIGTERM do while a figure is drawn: they interrupt the thread that made this, wait until it has let go, and tell how
 * to go on. The exit code is the signal's own, as a shell counts them: 130 of SIGINT.
 */
final class Interruption implements AutoCloseable {
    /** Of SIGINT: 128 and the number of the signal. */
    static final int EXIT_CODE = 130;

    private static final long PATIENCE_S = 5;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook;

    /**
     * Guards what this thread does until {@link #close}.
     *
     * @param err  where to tell.
     * @param runs directory of finished runs.
     */
    Interruption(final PrintStream err, final Path runs) {
        final Thread drawing = Thread.currentThread();
        hook = new Thread(
                () -> {
                    drawing.interrupt();
                    await();
                    err.printf(
                            "%npaper: interrupted; finished runs are kept in %s, the same command goes on from them%n",
                            runs);
                },
                "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The thread has let go: after a signal, the Java machine ends; otherwise signals do what they did before. */
    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // the signal came: the hook runs, and has waited for the line above
        }
    }

    private void await() {
        try {
            // in vain where a picture is being drawn, but nothing of what is kept depends on it
            over.await(PATIENCE_S, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
