package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.BallotSource;
import io.signvote.error.AbortedException;
import io.signvote.error.ClosedException;
import io.signvote.error.InterruptedCallException;
import io.signvote.error.PeerLostException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.error.VoteException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.LangUtil;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

/** How a communicator ends: what failed stays failed, and every rank learns who ended the job and why. */
class EndingTest {
    private static final long DELAY_MS = 100;
    private static final long LONG_MS = 40_000;

    /** Rank 1 is late, rank 0 catches the timeout and calls again; no call may succeed after it. */
    @Test
    void shouldLetNoCallSucceedAfterATimeout() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (LateJob job = new LateJob(2, DELAY_MS, 50, i)) {
                final AtomicInteger successes = new AtomicInteger();
                final CountDownLatch late = new CountDownLatch(1);
                final List<Throwable> errors = job.errors(communicator -> {
                    if (communicator.rank() == 1) {
                        late.await();
                        callTheFirst(communicator);
                    } else {
                        assertThrows(RoundTimeoutException.class, communicator::barrier);
                        late.countDown();
                    }
                    callAgain(communicator, successes);
                });

                assertEquals(0, successes.get(), () -> errors.toString());
            }
        }
    }

    /** A sink throws on rank 0 in the first vote, and both programs go on. */
    @Test
    void shouldLetNoCallSucceedAfterASinkThrew() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (LateJob job = new LateJob(2, DELAY_MS, LONG_MS, i)) {
                final AtomicInteger successes = new AtomicInteger();
                job.errors(communicator -> {
                    if (communicator.rank() == 0) {
                        assertThrows(
                                ArithmeticException.class,
                                () -> communicator.vote(
                                        new Ones(),
                                        (words, count) -> {
                                            throw new ArithmeticException("no room");
                                        },
                                        100,
                                        1));
                        final VoteException first = communicator.failure();
                        assertInstanceOf(AbortedException.class, first);
                        assertEquals(List.of(0), first.ranks());
                        assertInstanceOf(ArithmeticException.class, first.getCause());
                        assertSame(first, assertThrows(VoteException.class, communicator::barrier));
                    } else {
                        communicator.vote(new Ones(), (words, count) -> {}, 100, 1);
                    }
                    callAgain(communicator, successes);
                });

                assertEquals(0, successes.get());
            }
        }
    }

    /** All that rank 0 owed to this call may have come before its time ran out. */
    private static void callTheFirst(final Communicator communicator) {
        try {
            communicator.barrier();
        } catch (final VoteException e) {
            assertNotNull(communicator.failure());
        }
    }

    private static void callAgain(final Communicator communicator, final AtomicInteger successes) {
        for (int call = 0; call < 5; call++) {
            try {
                communicator.barrier();
                successes.incrementAndGet();
            } catch (final VoteException e) {
                assertNotNull(communicator.failure());
            }
        }
    }

    /** Kotlin, Scala and Agrona throw exceptions that Java would have them declare. */
    @Test
    void shouldFailTheOthersAfterACheckedException() throws Exception {
        for (final boolean isSink : new boolean[] {false, true}) {
            try (LateJob job = new LateJob(2, DELAY_MS, LONG_MS, 1)) {
                final List<Throwable> errors = job.errors(communicator -> {
                    final boolean throwing = communicator.rank() == 1;
                    communicator.vote(
                            throwing && !isSink ? new Throwing() : new Ones(),
                            (words, count) -> {
                                if (throwing && isSink) {
                                    LangUtil.rethrowUnchecked(new IOException("disk full"));
                                }
                            },
                            100,
                            1);
                    communicator.barrier();
                });

                assertInstanceOf(IOException.class, errors.get(1));
                final AbortedException told = assertInstanceOf(AbortedException.class, errors.get(0));
                assertEquals(List.of(1), told.ranks());
                assertMessage(told, "rank 1 gave up: disk full");
            }
        }
    }

    @Test
    void shouldEndBlockingCallsOfAllRanksWhenAThreadAborts() throws Exception {
        try (LateJob job = new LateJob(3, DELAY_MS, LONG_MS, 2)) {
            final Future<?> zero = job.start(job.communicators[0]::barrier);
            final Future<?> one = job.start(job.communicators[1]::barrier);

            job.communicators[1].abort("validation failed");

            for (final Future<?> call : List.of(zero, one)) {
                final AbortedException error = assertInstanceOf(AbortedException.class, LateJob.error(call));
                assertEquals("validation failed", error.getMessage());
                assertEquals(List.of(1), error.ranks());
            }
            assertThrows(AbortedException.class, job.communicators[1]::barrier);
        }
    }

    @Test
    void shouldEndAnOpenCallWhenAnotherThreadCloses() throws Exception {
        for (final boolean isAsynchronous : new boolean[] {false, true}) {
            try (LateJob job = new LateJob(2, DELAY_MS, LONG_MS, 3)) {
                final CountDownLatch begun = new CountDownLatch(1);
                final BallotSource source = new Ones(begun);
                final Communicator closing = job.communicators[1];
                final Future<?> call = job.start(() -> {
                    if (isAsynchronous) {
                        closing.voteAsync(source, (words, count) -> {}, 1_000_000, 1)
                                .await();
                    } else {
                        closing.vote(source, (words, count) -> {}, 1_000_000, 1);
                    }
                });
                begun.await();

                closing.close();

                final VoteException here = assertInstanceOf(ClosedException.class, LateJob.error(call));
                assertEquals(List.of(1), here.ranks());
                assertThrows(IllegalStateException.class, closing::barrier);
                final VoteException there = assertInstanceOf(
                        PeerLostException.class,
                        LateJob.error(job.start(
                                () -> job.communicators[0].vote(new Ones(), (words, count) -> {}, 1_000_000, 1))));
                assertEquals(List.of(1), there.ranks());
            }
        }
    }

    @Test
    void shouldKeepTheInterruptOfACallAndTellTheOthers() throws Exception {
        for (final boolean isAsynchronous : new boolean[] {false, true}) {
            try (LateJob job = new LateJob(2, DELAY_MS, LONG_MS, 4)) {
                final Thread[] caller = new Thread[1];
                final CountDownLatch calling = new CountDownLatch(1);
                final boolean[] isKept = new boolean[1];
                final Future<?> zero = job.start(() -> {
                    caller[0] = Thread.currentThread();
                    calling.countDown();
                    try {
                        if (isAsynchronous) {
                            job.communicators[0].barrierAsync().await();
                        } else {
                            job.communicators[0].barrier();
                        }
                    } finally {
                        isKept[0] = Thread.interrupted();
                    }
                });
                calling.await();

                caller[0].interrupt();

                final VoteException here = assertInstanceOf(InterruptedCallException.class, LateJob.error(zero));
                assertTrue(isKept[0]);
                assertTrue(here.isRetryable());
                final VoteException there = assertInstanceOf(AbortedException.class, LateJob.error(job.start(() -> {
                    callTheFirst(job.communicators[1]);
                    job.communicators[1].barrier();
                })));
                assertEquals(List.of(0), there.ranks());
            }
        }
    }

    /** A source sleeps when a hook closes: nothing that the call uses is freed, and the call ends with a typed error. */
    @Test
    void shouldFreeNothingThatACallUsesWhenClosedMeanwhile() throws Exception {
        try (LateJob job = new LateJob(2, DELAY_MS, LONG_MS, 5)) {
            final CountDownLatch inside = new CountDownLatch(1);
            final CountDownLatch closed = new CountDownLatch(1);
            final BallotSource sleeping = new Ones() {
                @Override
                public void fill(final long coordinate, final int count, final long words) {
                    inside.countDown();
                    awaitQuietly(closed);
                    super.fill(coordinate, count, words);
                }
            };
            final Future<?> call =
                    job.start(() -> job.communicators[0].vote(sleeping, (words, count) -> {}, 1_000_000, 1));
            inside.await();
            final Thread hook = new Thread(job.communicators[0]::close);
            hook.start();

            hook.join();
            closed.countDown();

            assertInstanceOf(ClosedException.class, LateJob.error(call));
        }
    }

    @Test
    void shouldCloseInsideItsOwnSink() throws Exception {
        try (LateJob job = new LateJob(2, DELAY_MS, LONG_MS, 6)) {
            final List<Throwable> errors = job.errors(communicator -> {
                communicator.vote(new Ones(), (words, count) -> communicator.close(), 1000, 1);
                assertThrows(IllegalStateException.class, communicator::barrier);
            });

            assertTrue(
                    errors.stream().allMatch(error -> error == null || error instanceof VoteException),
                    errors::toString);
        }
    }

    /** The call is whole when its sink runs, so a close() there is a goodbye and no failure. */
    @Test
    void shouldNotFailTheJobWhenASinkClosesTheCommunicator() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> communicator.vote(
                    new Ones(),
                    (words, count) -> {
                        if (communicator.rank() == 0) {
                            communicator.close();
                        }
                    },
                    100,
                    1));

            job.rank(1).close();
            assertNull(job.rank(0).failure());
            assertNull(job.rank(1).failure());
        }
    }

    @Test
    void shouldNotFailTheJobWhenAnotherThreadClosesDuringTheCommit() throws Exception {
        final CountDownLatch isCommitting = new CountDownLatch(1);
        try (LocalJob job = new LocalJob(2, new Context())) {
            final Thread closer = new Thread(() -> {
                awaitQuietly(isCommitting);
                job.rank(0).close();
            });
            closer.start();
            job.run(communicator -> communicator.vote(
                    new Ones(),
                    (words, count) -> {
                        if (communicator.rank() == 0) {
                            isCommitting.countDown();
                            while (closer.getState() != Thread.State.TIMED_WAITING) {
                                Thread.onSpinWait();
                            }
                        }
                    },
                    100,
                    1));

            job.rank(1).close();
            closer.join();
            assertNull(job.rank(0).failure());
            assertNull(job.rank(1).failure());
        }
    }

    /** Another communicator is closed inside a callback: nobody drives that one, and it is released all the same. */
    @Test
    void shouldCloseAnotherCommunicatorInsideASink() throws Exception {
        try (LateJob job = new LateJob(1, DELAY_MS, LONG_MS, 7);
                LateJob other = new LateJob(1, DELAY_MS, LONG_MS, 8)) {
            final Communicator closed = other.communicators[0];
            assertNull(LateJob.error(
                    job.start(() -> job.communicators[0].vote(new Ones(), (words, count) -> closed.close(), 100, 1))));

            assertThrows(IllegalStateException.class, closed::barrier);
            other.awaitHostClosed(0);
        }
    }

    /** A hook closes while the program closes: the hook must not let the process end before all is given back. */
    @Test
    void shouldWaitInASecondCloseForTheFirst() throws Exception {
        try (LateJob job = new LateJob(1, DELAY_MS, LONG_MS, 9)) {
            job.holdHost();
            final Future<?> first = job.start(job.communicators[0]::close);
            job.awaitHostClosing(0);
            final Future<?> second = job.start(job.communicators[0]::close);

            assertThrows(TimeoutException.class, () -> second.get(200, TimeUnit.MILLISECONDS));
            job.letHostGo();

            assertNull(LateJob.error(first));
            assertNull(LateJob.error(second));
        }
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static class Ones implements BallotSource {
        private final CountDownLatch asked;

        Ones() {
            this(new CountDownLatch(0));
        }

        Ones(final CountDownLatch asked) {
            this.asked = asked;
        }

        @Override
        public boolean isReady(final long coordinate, final int count) {
            asked.countDown();
            return true;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public final void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.setMemory(words, (count + 63) / 64 * 8L, (byte) 0);
        }
    }

    private static final class Throwing extends Ones {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            LangUtil.rethrowUnchecked(new IOException("disk full"));
        }
    }
}
