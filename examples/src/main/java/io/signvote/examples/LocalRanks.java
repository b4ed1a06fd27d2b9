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
    // There are more ranks than processors. A rank that spins while it waits takes a processor from one that works.
    // With 27 ranks on two processors, parking took a fifth of the processor time of the library's own strategy.
    private static final long PARK_MIN_NS = 20_000;
    private static final long PARK_MAX_NS = 100_000;

    private LocalRanks() {}

    /**
     * Runs the same program on every rank and waits for all.
     *
     * @param ranks   1 to 255.
     * @param seed    of the random bits of zeros and ties.
     * @param program of a rank. This method closes its communicator afterwards.
     * @param <T>     type of its result.
     * @return the result of each rank, in rank order.
     * @throws InterruptedException if this thread is interrupted. The ranks are interrupted then, too.
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

    /** An error of one rank aborts all others. So the error that is no {@link AbortedException} is the cause. */
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
