package io.signvote;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ranks of one process, each on a thread of its own. */
public final class LocalJob implements AutoCloseable {
    /** What one rank does. */
    @FunctionalInterface
    public interface Program {
        /** Runs on the rank's thread. */
        void run(Communicator communicator) throws Exception;
    }

    private static final long DEADLINE_S = 50;

    private final Communicator[] communicators;
    private final ExecutorService threads;

    /** Ranks with options. */
    public LocalJob(final int size, final Context context) {
        communicators = Communicator.createLocal(size, context);
        threads = Executors.newFixedThreadPool(size);
    }

    /** The communicator of a rank. */
    public Communicator rank(final int rank) {
        return communicators[rank];
    }

    /** Runs a program on every rank, waits for all, and throws the error of the first rank that had one. */
    public void run(final Program program) throws Exception {
        for (final Throwable error : errors(program)) {
            if (error instanceof Exception) {
                throw (Exception) error;
            }
            if (error != null) {
                throw (Error) error;
            }
        }
    }

    /** Runs a program on every rank and returns the error of each, null where it had none. */
    public List<Throwable> errors(final Program program) throws Exception {
        final List<Future<?>> futures = new ArrayList<>();
        for (final Communicator communicator : communicators) {
            futures.add(threads.submit(() -> {
                program.run(communicator);
                return null;
            }));
        }
        final List<Throwable> errors = new ArrayList<>();
        for (final Future<?> future : futures) {
            try {
                future.get(DEADLINE_S, TimeUnit.SECONDS);
                errors.add(null);
            } catch (final ExecutionException e) {
                errors.add(e.getCause());
            }
        }
        return errors;
    }

    @Override
    public void close() {
        final List<Future<?>> closing = new ArrayList<>();
        for (final Communicator communicator : communicators) {
            closing.add(threads.submit(communicator::close));
        }
        try {
            for (final Future<?> future : closing) {
                future.get(DEADLINE_S, TimeUnit.SECONDS);
            }
        } catch (final Exception e) {
            throw new AssertionError("a rank did not close", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
