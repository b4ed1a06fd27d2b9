package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.error.AbortedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.agrona.concurrent.BackoffIdleStrategy;

/** Ranks of one process, a thread each, over the library's transport in memory. */
public final class LocalRanks {
    // there are more ranks than processors: who waits by spinning takes one from who works. Tried with 27 ranks on two
    // processors: a fifth of the processor time that the library's own strategy takes there
    private static final long PARK_MIN_NS = 20_000;
    private static final long PARK_MAX_NS = 100_000;

    private LocalRanks() {}

    /**
     * Runs the same program on every rank and waits for all.
     *
     * @param ranks   1 to 255.
     * @param seed    of the lots of zeros and ties.
     * @param program of a rank; its communicator is closed behind it.
     * @param <T>     what it comes to.
     * @return what each rank came to, in rank order.
     * @throws InterruptedException when this thread is interrupted; the ranks are then interrupted too.
     */
    public static <T> List<T> run(final int ranks, final long seed, final Function<Communicator, T> program)
            throws InterruptedException {
        final ExecutorService threads = Executors.newFixedThreadPool(ranks);
        try {
            final List<Future<T>> futures = new ArrayList<>();
            final Context context = new Context()
                    .seed(seed)
                    .idleStrategy(() -> new BackoffIdleStrategy(0, 1, PARK_MIN_NS, PARK_MAX_NS));
            for (final Communicator communicator : Communicator.createLocal(ranks, context)) {
                futures.add(threads.submit(() -> {
                    try (communicator) {
                        return program.apply(communicator);
                    }
                }));
            }
            return results(futures);
        } finally {
            threads.shutdownNow();
        }
    }

    /** One rank that throws takes all others with it: its error is the one to tell. */
    private static <T> List<T> results(final List<Future<T>> futures) throws InterruptedException {
        final List<T> results = new ArrayList<>();
        Throwable error = null;
        for (final Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (final ExecutionException e) {
                error = error == null || error instanceof AbortedException ? e.getCause() : error;
            }
        }
        if (error instanceof Error thrown) {
            throw thrown;
        }
        if (error instanceof RuntimeException thrown) {
            throw thrown;
        }
        return results;
    }
}
