package io.signvote;

import io.signvote.collective.Engine;
import io.signvote.kernel.ScalarKernels;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.local.LocalTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Ranks of one process whose memberships learn of a failure late, each after a time of its own, as members of a coordinator on another
 * host do.
 */
final class LateJob implements AutoCloseable {
    private static final long DEADLINE_S = 50;

    final Communicator[] communicators;
    private final CountDownLatch[] closing;
    private final CountDownLatch[] closed;
    private volatile CountDownLatch hold = new CountDownLatch(0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicReference<Told> first = new AtomicReference<>();

    private record Told(Failure failure, long atNs) {}

    LateJob(final int size, final long mostDelayMs, final long timeoutMs, final long seed) {
        final Random random = new Random(seed);
        final LocalTransport[] transports = LocalTransport.create(size);
        communicators = new Communicator[size];
        closing = latches(size);
        closed = latches(size);
        for (int rank = 0; rank < size; rank++) {
            final Context context =
                    new Context().rank(0).worldSize(size).timeoutNs(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
            context.conclude();
            final long delayNs = (long) (random.nextDouble() * TimeUnit.MILLISECONDS.toNanos(mostDelayMs));
            final Membership membership = new LateMembership(delayNs);
            final ScalarKernels kernels = new ScalarKernels();
            final Engine engine = new Engine(
                    transports[rank], membership, kernels, context.clock(), Assembly.roundSettings(context, 0, 1));
            communicators[rank] =
                    new Communicator(context, kernels, transports[rank], membership, engine, size, host(rank), 0);
        }
    }

    private static CountDownLatch[] latches(final int size) {
        return Stream.generate(() -> new CountDownLatch(1)).limit(size).toArray(CountDownLatch[]::new);
    }

    private AutoCloseable host(final int rank) {
        return () -> {
            closing[rank].countDown();
            hold.await();
            closed[rank].countDown();
        };
    }

    /** The end of a communicator waits inside its host until it is let go. */
    void holdHost() {
        hold = new CountDownLatch(1);
    }

    void letHostGo() {
        hold.countDown();
    }

    void awaitHostClosing(final int rank) throws InterruptedException {
        closing[rank].await();
    }

    void awaitHostClosed(final int rank) throws InterruptedException {
        closed[rank].await();
    }

    /** Runs a program on a thread of every rank, and returns the error of each, null where it had none. */
    List<Throwable> errors(final LocalJob.Program program) throws Exception {
        final List<Future<?>> futures = new ArrayList<>();
        for (final Communicator communicator : communicators) {
            futures.add(start(() -> program.run(communicator)));
        }
        final List<Throwable> errors = new ArrayList<>();
        for (final Future<?> future : futures) {
            errors.add(error(future));
        }
        return errors;
    }

    /** What a thread of the job does. */
    interface Action {
        /** Does it. */
        void run() throws Exception;
    }

    Future<?> start(final Action action) {
        return threads.submit(() -> {
            action.run();
            return null;
        });
    }

    static Throwable error(final Future<?> future) throws Exception {
        try {
            future.get(DEADLINE_S, TimeUnit.SECONDS);
            return null;
        } catch (final ExecutionException e) {
            return e.getCause();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        for (final Communicator communicator : communicators) {
            communicator.close();
        }
    }

    private final class LateMembership implements Membership {
        private final long delayNs;

        private LateMembership(final long delayNs) {
            this.delayNs = delayNs;
        }

        @Override
        public Failure failure() {
            final Told told = first.get();
            return told == null || System.nanoTime() - told.atNs < delayNs ? null : told.failure;
        }

        @Override
        public void fail(final Failure failure) {
            first.compareAndSet(null, new Told(failure, System.nanoTime()));
        }

        @Override
        public void close() {}
    }
}
