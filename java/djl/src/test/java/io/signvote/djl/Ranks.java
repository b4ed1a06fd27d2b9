package io.signvote.djl;

import io.signvote.Communicator;
import io.signvote.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ranks of one process, each on a thread of its own, for as long as one program takes. */
final class Ranks {
    private static final long DEADLINE_S = 100;

    private Ranks() {}

    /** What one rank does. */
    @FunctionalInterface
    interface Program<T> {
        T run(Communicator communicator) throws Exception;
    }

    /** Runs it on every rank, and gives what each returned, or throws the error of the first that had one. */
    static <T> List<T> run(final int size, final Program<T> program) throws Exception {
        final List<T> results = new ArrayList<>();
        for (final Future<T> rank : start(size, new Context(), program)) {
            try {
                results.add(rank.get());
            } catch (final ExecutionException e) {
                throw e.getCause() instanceof Exception error ? error : e;
            }
        }
        return results;
    }

    /** Runs it on every rank, and gives the error of each, null where it had none. */
    static List<Throwable> errors(final int size, final Context context, final Program<?> program) throws Exception {
        final List<Throwable> errors = new ArrayList<>();
        for (final Future<?> rank : start(size, context, program)) {
            try {
                rank.get();
                errors.add(null);
            } catch (final ExecutionException e) {
                errors.add(e.getCause());
            }
        }
        return errors;
    }

    private static <T> List<Future<T>> start(final int size, final Context context, final Program<T> program)
            throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            final List<Callable<T>> ranks = new ArrayList<>();
            for (final Communicator communicator : Communicator.createLocal(size, context)) {
                ranks.add(() -> {
                    try (communicator) {
                        return program.run(communicator);
                    }
                });
            }
            return threads.invokeAll(ranks, DEADLINE_S, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }
}
