package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Asynchronous calls. */
class WorkTest {
    private static final int RANKS = 3;

    @Test
    void shouldGiveEachCallItsOwnResultInOrder() throws Exception {
        try (LocalJob job = new LocalJob(RANKS, new Context())) {
            job.run(communicator -> {
                final List<float[]> results = new ArrayList<>();
                final List<Work> works = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    final float[] result = new float[1 + i * 37];
                    works.add(communicator.allReduceAsync(filled(result.length, i), result, ReduceOp.SUM));
                    results.add(result);
                }
                works.get(199).await();
                for (int i = 0; i < 200; i++) {
                    assertTrue(works.get(i).isDone(), "calls end in order");
                    assertNull(works.get(i).error());
                    assertArrayEquals(filled(1 + i * 37, RANKS * i), results.get(i));
                }
            });
        }
    }

    /** Nobody waits for the call, and the failure that the idle strategy throws has woken the committer before the call is decided. */
    @Test
    void shouldEndACallWhoseIdleStrategyThrowsTheFailureOfTheCommunicator() throws Exception {
        final AtomicReference<Communicator> first = new AtomicReference<>();
        final IdleStrategy throwing = new IdleStrategy() {
            @Override
            public void idle(final int workCount) {
                idle();
            }

            @Override
            public void idle() {
                first.get().abort("stop");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                throw first.get().failure();
            }

            @Override
            public void reset() {}
        };
        try (LocalJob job = new LocalJob(2, new Context().idleStrategy(() -> throwing))) {
            final Communicator communicator = job.rank(0);
            final CountDownLatch ended = new CountDownLatch(1);
            first.set(communicator);

            final Work work = communicator.barrierAsync().whenDone(ended::countDown);

            assertTrue(ended.await(10, TimeUnit.SECONDS), "the call never ends");
            assertSame(communicator.failure(), work.error());
        }
    }

    /** Threads of a rank agree on an order: call i is submitted by thread i mod 3, after call i - 1. */
    @Test
    void shouldServeThreeThreadsThatSubmitInOneOrder() throws Exception {
        final int calls = 60;
        final ExecutorService threads = Executors.newFixedThreadPool(3 * RANKS);
        try (LocalJob job = new LocalJob(RANKS, new Context())) {
            job.run(communicator -> {
                final CountDownLatch[] submitted = new CountDownLatch[calls + 1];
                for (int i = 0; i <= calls; i++) {
                    submitted[i] = new CountDownLatch(i == 0 ? 0 : 1);
                }
                final List<Future<?>> futures = new ArrayList<>();
                for (int thread = 0; thread < 3; thread++) {
                    final int first = thread;
                    futures.add(threads.submit(() -> {
                        for (int i = first; i < calls; i += 3) {
                            submitted[i].await();
                            final float[] result = new float[1000];
                            final Work work = communicator.allReduceAsync(
                                    filled(1000, i + communicator.rank()), result, ReduceOp.SUM);
                            submitted[i + 1].countDown();
                            work.await();
                            assertArrayEquals(filled(1000, RANKS * i + 3), result, "call " + i);
                        }
                        return null;
                    }));
                }
                for (final Future<?> future : futures) {
                    future.get(50, TimeUnit.SECONDS);
                }
            });
        } finally {
            threads.shutdownNow();
        }
    }

    /** Rank 1 comes late, so the engine of rank 0 idles: first on the progress thread, then on a thread that waits. */
    @Test
    void shouldLetOneOfTheWaitingThreadsDriveTheEngine() throws Exception {
        final RecordingIdleStrategy recorded = new RecordingIdleStrategy();
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        try (LocalJob job = new LocalJob(2, new Context().idleStrategy(() -> recorded))) {
            final Communicator communicator = job.rank(0);
            final List<Work> works = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                works.add(communicator.barrierAsync());
            }
            recorded.awaitOneMoreThan(List.of());
            final List<Thread> before = recorded.seen();

            final List<Future<Boolean>> waits = new ArrayList<>();
            for (final Work work : works) {
                waits.add(threads.submit(() -> work.await(50, TimeUnit.SECONDS)));
            }
            recorded.awaitOneMoreThan(before);
            TimeUnit.MILLISECONDS.sleep(20);
            assertEquals(1, recorded.most(), "threads that drove the engine at the same time");

            for (int i = 0; i < 3; i++) {
                job.rank(1).barrierAsync();
            }
            for (final Future<Boolean> wait : waits) {
                assertTrue(wait.get(50, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldMixBlockingAndAsynchronousCalls() throws Exception {
        try (LocalJob job = new LocalJob(RANKS, new Context())) {
            job.run(communicator -> {
                for (int i = 0; i < 50; i++) {
                    final float[] first = new float[5000];
                    final float[] second = new float[10];
                    final Work work = communicator.allReduceAsync(filled(5000, i), first, ReduceOp.SUM);
                    communicator.allReduce(filled(10, i + 1), second, ReduceOp.SUM);
                    assertTrue(work.isDone(), "the blocking call came later");
                    assertArrayEquals(filled(5000, RANKS * i), first);
                    assertArrayEquals(filled(10, RANKS * (i + 1)), second);
                    communicator.barrierAsync();
                }
            });
        }
    }

    /** A submission compares a call with the open calls. One of them may end meanwhile and give its task back. */
    @Test
    void shouldFindNoConflictWithACallThatEndsMeanwhile() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context());
                OffHeap memory = new OffHeap(64)) {
            final Calls calls = job.rank(0).calls();
            final Task ended = calls.take();
            final Task submitted =
                    calls.take().allReduce(memory.address(), memory.address() + 32, 8, DataType.FLOAT32, ReduceOp.SUM);
            ended.allReduce(memory.address(), memory.address() + 32, 8, DataType.FLOAT32, ReduceOp.SUM);
            assertTrue(ended.isInConflictWith(submitted));
            ended.clear();

            assertFalse(ended.isInConflictWith(submitted));
            assertFalse(submitted.isInConflictWith(ended));

            calls.giveBack(ended);
            calls.giveBack(submitted);
        }
    }

    /** With one rank, every order of calls is right. The threads make blocking calls first, and later also asynchronous calls. */
    @Test
    void shouldServeManyThreadsThatMakeBlockingCalls() throws Exception {
        final int threadCount = 4;
        final int calls = 4_000;
        final ExecutorService threads = Executors.newFixedThreadPool(threadCount);
        try (LocalJob job = new LocalJob(1, new Context())) {
            job.run(communicator -> {
                final List<Future<?>> futures = new ArrayList<>();
                for (int thread = 0; thread < threadCount; thread++) {
                    final int salt = thread;
                    futures.add(threads.submit(() -> {
                        final float[] result = new float[3];
                        for (int i = 0; i < calls; i++) {
                            final float[] source = filled(3, salt * calls + i);
                            if (i > calls / 2 && i % 7 == salt) {
                                communicator
                                        .allReduceAsync(source, result, ReduceOp.SUM)
                                        .await();
                            } else {
                                communicator.allReduce(source, result, ReduceOp.SUM);
                            }
                            assertArrayEquals(source, result, "call " + i + " of thread " + salt);
                        }
                        return null;
                    }));
                }
                for (final Future<?> future : futures) {
                    future.get(50, TimeUnit.SECONDS);
                }
                final float[] one = {1};
                communicator.allReduce(one, one, ReduceOp.SUM);
                assertEquals(1, one[0]);
            });
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldRunListenersAndFutures() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final CountDownLatch heard = new CountDownLatch(2);
                final Work work = communicator.barrierAsync();
                work.whenDone(heard::countDown).whenDone(heard::countDown);
                work.toFuture().get(50, TimeUnit.SECONDS);
                assertTrue(heard.await(50, TimeUnit.SECONDS));
                final CountDownLatch late = new CountDownLatch(1);
                work.whenDone(late::countDown);
                assertEquals(0, late.getCount());
            });
        }
    }

    /** Rank 1 submits only when rank 0 has seen its time run out. */
    @Test
    void shouldGoOnAfterAwaitRanOutOfTime() throws Exception {
        final CountDownLatch ranOut = new CountDownLatch(1);
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                if (communicator.rank() == 0) {
                    final Work work = communicator.barrierAsync();
                    assertFalse(work.await(5, TimeUnit.MILLISECONDS));
                    assertFalse(work.isDone());
                    assertNull(work.error());
                    ranOut.countDown();
                    assertTrue(work.await(50, TimeUnit.SECONDS));
                } else {
                    ranOut.await();
                    communicator.barrier();
                }
            });
        }
    }

    @Test
    void shouldRefuseToWaitInsideCallbacks() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final Work open = communicator.barrierAsync();
                communicator.vote(new Ones(), (words, count) -> communicator.barrier(), 100, 1);
                open.await();
            });

            for (final Throwable error : errors) {
                final Throwable cause = error instanceof VoteException ? error.getCause() : error;
                if (error instanceof IllegalStateException || cause instanceof IllegalStateException) {
                    assertMessage(cause, "must not wait for a call");
                }
            }
            assertTrue(errors.stream().anyMatch(IllegalStateException.class::isInstance), errors::toString);
            assertTrue(errors.stream().noneMatch(error -> error == null), errors::toString);
        }
    }

    @Test
    void shouldLetCallbacksSubmit() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final AtomicReference<Work> second = new AtomicReference<>();
                communicator.vote(new Ones(), (words, count) -> second.set(communicator.barrierAsync()), 100, 1);
                second.get().await();
            });
        }
    }

    @Test
    void shouldRefuseMemoryThatAnOpenCallUses() throws Exception {
        final CountDownLatch refused = new CountDownLatch(1);
        try (LocalJob job = new LocalJob(2, new Context());
                OffHeap memory = new OffHeap(1 << 16)) {
            job.run(communicator -> {
                if (communicator.rank() == 1) {
                    refused.await();
                }
                final long a = memory.address() + communicator.rank() * 32768L;
                final Work open = communicator.allReduceAsync(a, a + 4000, 1000, DataType.FLOAT32, ReduceOp.SUM);
                if (communicator.rank() == 0) {
                    assertRefused(
                            () -> communicator.allReduceAsync(a + 4000, a + 9000, 1, DataType.FLOAT32, ReduceOp.SUM));
                    assertRefused(() -> communicator.allReduceAsync(a + 9000, a, 1, DataType.FLOAT32, ReduceOp.SUM));
                    assertRefused(() -> communicator.broadcastAsync(a + 7996, 1, DataType.FLOAT32, 0));
                    refused.countDown();
                }
                // two calls may read the same memory
                communicator.allReduceAsync(a, a + 8000, 1000, DataType.FLOAT32, ReduceOp.SUM);
                communicator.barrier();
                assertTrue(open.isDone());
            });
        }
    }

    @Test
    void shouldRefuseElementsThatAnOpenCallUses() throws Exception {
        final CountDownLatch refused = new CountDownLatch(1);
        try (LocalJob job = new LocalJob(2, new Context());
                OffHeap memory = new OffHeap(1 << 16)) {
            job.run(communicator -> {
                if (communicator.rank() == 1) {
                    refused.await();
                }
                final long a = memory.address() + communicator.rank() * 32768L;
                final float[] array = new float[1000];
                final Elements outside = Elements.at(a, 1000, DataType.FLOAT32);
                final Elements both = Elements.join(Elements.of(array).slice(0, 500), outside.slice(500, 500));
                final Elements source = Elements.of(new float[1000]);
                final Work open = communicator.allReduceAsync(source, both, ReduceOp.SUM, 0);
                if (communicator.rank() == 0) {
                    try {
                        final Elements part = Elements.of(array).slice(499, 1);
                        assertRefused(() -> communicator.allReduceAsync(part, part.slice(0, 1), ReduceOp.SUM, 0));
                        assertRefused(() -> communicator.broadcastAsync(source, 1, 0));
                        assertRefused(() -> communicator.broadcastAsync(a + 3996, 1, DataType.FLOAT32, 0));
                        assertRefused(() -> communicator.allReduceAsync(array, new float[1000], ReduceOp.SUM));
                        assertRefused(() -> communicator.voteAsync(new Ones(), new Writes(a + 2000), 100, 1));
                    } finally {
                        refused.countDown();
                    }
                }
                // memory beside the open call is free
                communicator.allReduce(outside.slice(0, 500), outside.slice(0, 500), ReduceOp.SUM);
                communicator.barrier();
                assertTrue(open.isDone());
            });
        }
    }

    /** A sink that says that it writes the word at an address. */
    private record Writes(long address) implements VerdictSink {
        @Override
        public void commit(final long words, final long count) {}

        @Override
        public boolean writes(final long first, final long end) {
            return address < end && first < address + 8;
        }
    }

    private static void assertRefused(final Executable submission) {
        final ConfigurationException error = assertThrows(ConfigurationException.class, submission);
        assertMessage(error, "use the same memory");
    }

    @Test
    void shouldEndOpenAndQueuedCallsWithOneError() throws Exception {
        final CountDownLatch submitted = new CountDownLatch(1);
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                if (communicator.rank() == 1) {
                    submitted.await();
                    communicator.abort("the data are broken");
                    return;
                }
                final Work first = communicator.barrierAsync();
                final Work second = communicator.barrierAsync();
                submitted.countDown();
                final VoteException error = assertThrows(VoteException.class, second::await);
                assertSame(error, first.error());
                assertSame(error, second.error());
                assertSame(error, communicator.failure());
                assertSame(error, assertThrows(VoteException.class, communicator::barrier));
                assertEquals("the data are broken", error.getMessage());
                assertEquals(List.of(1), error.ranks());
                final ExecutionException told = assertThrows(
                        ExecutionException.class, () -> first.toFuture().get());
                assertSame(error, told.getCause());
            });
        }
    }

    /** Two threads of rank 1 cross their calls, which have the same shape. */
    @Test
    void shouldFailEveryRankWhenTagsCross() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context());
                OffHeap memory = new OffHeap(1 << 10)) {
            final List<Throwable> errors = job.errors(communicator -> {
                final long a = memory.address() + communicator.rank() * 512L;
                final int first = communicator.rank() == 0 ? 7 : 8;
                final Work one = communicator.allReduceAsync(a, a, 4, DataType.FLOAT32, ReduceOp.SUM, first);
                final Work two =
                        communicator.allReduceAsync(a + 64, a + 64, 4, DataType.FLOAT32, ReduceOp.SUM, 15 - first);
                two.await();
                one.await();
            });

            for (final Throwable error : errors) {
                final String message =
                        assertInstanceOf(ProtocolException.class, error).getMessage();
                assertMessage(message, "tag=7", "tag=8");
            }
        }
    }

    @Test
    void shouldWaitForAPlaceWhenAllAreTaken() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                Work last = null;
                for (int i = 0; i < 5 * Calls.MOST_OPEN; i++) {
                    last = communicator.barrierAsync();
                }
                last.await();
                assertNull(last.error());
            });
        }
    }

    /** The round of the second call ends while the sink of the first one still works, and nobody waits for either. */
    @Test
    void shouldEndEveryCallThoughNobodyWaits() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                for (int i = 0; i < 20; i++) {
                    communicator.voteAsync(new Ones(), (words, count) -> LockSupport.parkNanos(2_000_000), 100, 1);
                    communicator.barrierAsync();
                    final CompletableFuture<Void> last =
                            communicator.barrierAsync().toFuture();
                    last.get(50, TimeUnit.SECONDS);
                }
            });
        }
    }

    /** The second call is decided while the sink of the first one still works. Then that sink throws. */
    @Test
    void shouldFailADecidedCallAfterTheSinkBeforeItHasThrown() throws Exception {
        final IllegalStateException broken = new IllegalStateException("disk");
        try (LocalJob job = new LocalJob(2, new Context())) {
            final Communicator odd = job.rank(0);
            final Communicator other = job.rank(1);
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            final CountDownLatch secondEnded = new CountDownLatch(1);
            final Work first = odd.voteAsync(
                    new Ones(),
                    (words, count) -> {
                        while (RankThreads.decided(odd.calls()) < 2 && System.nanoTime() < deadlineNs) {
                            Thread.onSpinWait();
                        }
                        throw broken;
                    },
                    100,
                    1);
            final Work second = odd.barrierAsync().whenDone(secondEnded::countDown);
            // both calls of the odd rank are queued, so the thread that commits is not the one that drives
            other.voteAsync(new Ones(), (words, count) -> {}, 100, 1);
            other.barrierAsync();

            assertTrue(secondEnded.await(50, TimeUnit.SECONDS));
            assertEquals(2, RankThreads.decided(odd.calls()));
            assertSame(broken, first.error());
            assertNotNull(second.error(), "a call succeeds after the error");
            assertSame(odd.failure(), second.error());
        }
    }

    @Test
    void shouldTakeTwoPlacesOfOneBuffer() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
                buffer.putFloat(0, 1).putFloat(32, 2);
                final Work first = communicator.allReduceAsync(buffer, buffer, 1, DataType.FLOAT32, ReduceOp.SUM);
                buffer.position(32);
                communicator
                        .allReduceAsync(buffer, buffer, 1, DataType.FLOAT32, ReduceOp.SUM)
                        .await();
                assertTrue(first.isDone());
                assertEquals(2, buffer.getFloat(0));
                assertEquals(4, buffer.getFloat(32));
            });
        }
    }

    @Test
    void shouldRefuseAnArrayThatAnOpenCallWrites() throws Exception {
        final CountDownLatch refused = new CountDownLatch(1);
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final float[] result = new float[10];
                if (communicator.rank() == 1) {
                    refused.await();
                }
                final Work open = communicator.allReduceAsync(new float[10], result, ReduceOp.SUM);
                if (communicator.rank() == 0) {
                    assertRefused(() -> communicator.allReduce(result, new float[10], ReduceOp.SUM));
                    refused.countDown();
                }
                open.await();
            });
        }
    }

    /** The sink of a blocking call hangs, so none of the calls behind it begins. */
    @Test
    void shouldRunOutOfTimeBehindASinkThatHangs() throws Exception {
        final CountDownLatch isCommitting = new CountDownLatch(1);
        final CountDownLatch isReleased = new CountDownLatch(1);
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try (LocalJob job = new LocalJob(1, new Context().timeoutNs(300_000_000L))) {
            final Communicator communicator = job.rank(0);
            final Future<?> first = threads.submit(() -> communicator.vote(
                    new Ones(),
                    (words, count) -> {
                        isCommitting.countDown();
                        awaitQuietly(isReleased);
                    },
                    100,
                    1));
            awaitQuietly(isCommitting);

            final Future<?> others = threads.submit(() -> {
                for (int i = 0; i <= Calls.MOST_OPEN; i++) {
                    communicator.barrierAsync();
                }
            });

            final ExecutionException error =
                    assertThrows(ExecutionException.class, () -> others.get(50, TimeUnit.SECONDS));
            assertInstanceOf(RoundTimeoutException.class, error.getCause());
            isReleased.countDown();
            first.get(50, TimeUnit.SECONDS);
        } finally {
            isReleased.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void shouldRefuseMoreThanAllPlacesInsideACallback() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> communicator.vote(
                    new Ones(),
                    (words, count) -> {
                        for (int i = 0; i < 2 * Calls.MOST_OPEN; i++) {
                            communicator.barrierAsync();
                        }
                    },
                    100,
                    1));

            final Throwable error = assertInstanceOf(
                    IllegalStateException.class,
                    errors.stream()
                            .filter(IllegalStateException.class::isInstance)
                            .findFirst()
                            .orElse(null));
            assertTrue(error.getMessage().startsWith("64 calls are open"), error.getMessage());
        }
    }

    private static float[] filled(final int length, final float value) {
        final float[] floats = new float[length];
        Arrays.fill(floats, value);
        return floats;
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records the threads that idle in the engine, and the greatest number at the same time. */
    private static final class RecordingIdleStrategy implements IdleStrategy {
        private final Set<Thread> seen = ConcurrentHashMap.newKeySet();
        private final AtomicInteger inside = new AtomicInteger();
        private volatile int most;

        List<Thread> seen() {
            return List.copyOf(seen);
        }

        int most() {
            return most;
        }

        void awaitOneMoreThan(final List<Thread> before) throws InterruptedException {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (before.containsAll(seen)) {
                assertTrue(System.nanoTime() < deadlineNs, () -> "no further thread drives the engine, only " + seen);
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }

        @Override
        public void idle(final int workCount) {
            idle();
        }

        @Override
        public void idle() {
            most = Math.max(most, inside.incrementAndGet());
            seen.add(Thread.currentThread());
            LockSupport.parkNanos(100_000);
            inside.decrementAndGet();
        }

        @Override
        public void reset() {}
    }

    /** Positive ballots. */
    private static final class Ones implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.setMemory(words, (count + 63) / 64 * 8L, (byte) 0);
        }
    }
}
