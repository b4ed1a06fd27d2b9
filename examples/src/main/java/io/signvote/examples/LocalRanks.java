package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.error.PeerLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Ranks of one process, a thread each, over the library's transport in memory. */
public final class LocalRanks {
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
            for (final Communicator communicator : Communicator.createLocal(ranks, new Context().seed(seed))) {
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
                error = error == null || error instanceof PeerLostException ? e.getCause() : error;
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
