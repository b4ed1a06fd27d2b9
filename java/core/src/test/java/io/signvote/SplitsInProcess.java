package io.signvote;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.VoteException;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Ranks of one process, each on a thread of its own, that split their communicators. */
@Timeout(60)
abstract class SplitsInProcess {
    static final long DEADLINE_S = 30;

    final ExecutorService threads = Executors.newCachedThreadPool();
    Communicator[] world = new Communicator[0];

    @AfterEach
    void close() {
        CloseHelper.closeAll(world);
        threads.shutdownNow();
    }

    /** What one rank does. */
    interface Program<T> {
        T run(Communicator communicator) throws Exception;
    }

    void start(final int ranks, final String plan) {
        start(ranks, plan, "20s");
    }

    void start(final int ranks, final String plan, final String timeout) {
        world = Communicator.createLocal(
                ranks,
                new Context()
                        .plan(Configuration.PlanKind.valueOf(plan.toUpperCase(Locale.ROOT)))
                        .timeoutNs(timeout.equals("20s") ? 20_000_000_000L : 200_000_000L));
    }

    /** Runs a program on every rank, each on a thread of its own; returns its results by rank. */
    <T> List<T> onAll(final Program<T> program) throws Exception {
        final List<Future<T>> futures = new ArrayList<>();
        for (final Communicator rank : world) {
            futures.add(threads.submit((Callable<T>) () -> program.run(rank)));
        }
        final List<T> results = new ArrayList<>();
        for (final Future<T> future : futures) {
            try {
                results.add(future.get(DEADLINE_S, TimeUnit.SECONDS));
            } catch (final ExecutionException e) {
                throw new AssertionError(e.getCause());
            }
        }
        return results;
    }

    static float sum(final Communicator communicator, final float value) {
        final float[] sum = {value};
        communicator.allReduce(sum, sum, ReduceOp.SUM);
        return sum[0];
    }

    /** Whether all ranks have the same floats. */
    static boolean same(final Communicator communicator, final float[] values) {
        final float[] first = values.clone();
        communicator.broadcast(first, 0);
        return Arrays.equals(first, values);
    }

    static VoteException awaitFailure(final Communicator communicator, final Communicator other) {
        final long startNs = System.nanoTime();
        while (communicator.failure() == null) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(DEADLINE_S), "it has not failed");
            Thread.onSpinWait();
        }
        return other.failure();
    }
}
