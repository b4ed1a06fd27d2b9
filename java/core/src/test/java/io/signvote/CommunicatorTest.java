package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.bits.OffHeap;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.error.AbortedException;
import io.signvote.error.ConfigurationException;
import io.signvote.error.InterruptedCallException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommunicatorTest {
    private static float[] gradients(final int rank, final int n) {
        final Random random = new Random(n * 1_000L + rank);
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (random.nextFloat() - 0.5f) * (1 << random.nextInt(16));
        }
        return values;
    }

    private static float[] majority(final int ranks, final int n) {
        final float[] balance = new float[n];
        for (int rank = 0; rank < ranks; rank++) {
            final float[] g = gradients(rank, n);
            for (int i = 0; i < n; i++) {
                balance[i] += Math.signum(g[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            balance[i] = balance[i] < 0 ? -1 : 1;
        }
        return balance;
    }

    private static Context positiveTies(final PlanKind plan) {
        return new Context().plan(plan).tiePolicy(TiePolicy.POSITIVE);
    }

    @ParameterizedTest
    @CsvSource({"1,SHARDED", "2,SHARDED", "3,SHARDED", "5,SHARDED", "1,STAR", "4,STAR"})
    void shouldVoteFloatsIntoSigns(final int ranks, final PlanKind plan) throws Exception {
        final int n = 300_001;

        try (LocalJob job = new LocalJob(ranks, positiveTies(plan))) {
            job.run(communicator -> {
                final float[] target = new float[n];
                for (int call = 0; call < 3; call++) {
                    communicator.allReduce(gradients(communicator.rank(), n), target, ReduceOp.MAJORITY);
                    assertArrayEquals(majority(ranks, n), target);
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"1,SHARDED", "3,SHARDED", "4,STAR"})
    void shouldSumInRankOrderInPlace(final int ranks, final PlanKind plan) throws Exception {
        final int n = 70_003;
        final float[] expected = gradients(0, n);
        for (int rank = 1; rank < ranks; rank++) {
            final float[] g = gradients(rank, n);
            for (int i = 0; i < n; i++) {
                expected[i] += g[i];
            }
        }

        try (LocalJob job = new LocalJob(ranks, positiveTies(plan))) {
            job.run(communicator -> {
                final float[] values = gradients(communicator.rank(), n);
                communicator.allReduce(values, values, ReduceOp.SUM);
                assertArrayEquals(expected, values);
            });
        }
    }

    @Test
    void shouldTakeDirectBuffersFromTheirPositions() throws Exception {
        final int n = 1000;

        try (LocalJob job = new LocalJob(2, positiveTies(PlanKind.SHARDED))) {
            job.run(communicator -> {
                final ByteBuffer source = ByteBuffer.allocateDirect(4 * n + 8).order(ByteOrder.LITTLE_ENDIAN);
                final ByteBuffer target = ByteBuffer.allocateDirect(4 * n + 8).order(ByteOrder.LITTLE_ENDIAN);
                source.position(8);
                source.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(gradients(communicator.rank(), n));
                target.position(4);
                communicator.allReduce(source, target, n, DataType.FLOAT32, ReduceOp.MAJORITY);
                final float[] result = new float[n];
                target.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(result);
                assertArrayEquals(majority(2, n), result);
            });
        }
    }

    @Test
    void shouldVoteWordsAndIgnoreDirtyTails() throws Exception {
        try (LocalJob job = new LocalJob(3, positiveTies(PlanKind.SHARDED))) {
            job.run(communicator -> {
                final long[] words = {communicator.rank() == 0 ? 0b0110 : 0b1010, -1L};
                communicator.vote(words, words, 68);
                assertArrayEquals(new long[] {0b1010, 0b1111}, words);
            });
        }
    }

    @Test
    void shouldBroadcastFromAnyRootAndMeetAtBarriers() throws Exception {
        final int n = 50_000;

        try (LocalJob job = new LocalJob(4, new Context())) {
            job.run(communicator -> {
                for (int root = 0; root < 4; root++) {
                    final float[] values = communicator.rank() == root ? gradients(root, n) : new float[n];
                    communicator.broadcast(values, root);
                    assertArrayEquals(gradients(root, n), values);
                    communicator.barrier();
                }
            });
        }
    }

    @Test
    void shouldNameBothCallsOnEveryRankWhereTheyDiffer() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final float[] values = new float[communicator.rank() == 1 ? 99 : 100];
                communicator.allReduce(values, values, ReduceOp.SUM);
            });

            for (final Throwable error : errors) {
                assertInstanceOf(ProtocolException.class, error);
                assertMessage(error, "allReduce(SUM, FLOAT32, count=99)", "allReduce(SUM, FLOAT32, count=100)");
            }
        }
    }

    @Test
    void shouldCallNoSinkWhenOptionsDiffer() throws Exception {
        final AtomicInteger commits = new AtomicInteger();
        final BallotSource source = new BallotSource() {
            @Override
            public void fill(final long coordinate, final int count, final long words) {
                refill(coordinate, count, words);
            }

            @Override
            public void refill(final long coordinate, final int count, final long words) {
                UnsafeApi.putLong(words, 1);
            }
        };
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                communicator.vote(source, (words, count) -> commits.incrementAndGet(), 7, 1, 0xABCL);
                // a call after it carries none of its options
                communicator.barrier();
            });
            assertEquals(3, commits.get());

            final List<Throwable> errors = job.errors(communicator -> communicator.vote(
                    source, (words, count) -> commits.incrementAndGet(), 7, 2, communicator.rank() == 1 ? 1 : 2));

            assertEquals(3, commits.get());
            for (final Throwable error : errors) {
                assertInstanceOf(ProtocolException.class, error);
                final String message = error.getMessage();
                assertMessage(
                        message,
                        "step=2 zeros=RANDOM ties=RANDOM options=1",
                        "step=2 zeros=RANDOM ties=RANDOM options=2");
                assertTrue(
                        message.endsWith(", make every rank call the same: the learning rate, the momentum, the weight"
                                + " decay or the layout of the parameters differs; no parameter has changed. retry"
                                + " keeps the rates of this step: set the same values and restore parameters and optimiser of the"
                                + " same step on every rank"),
                        message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"op", "type", "root", "close"})
    void shouldFailEveryRankOnAnyOtherMismatch(final String what) throws Exception {
        try (LocalJob job = new LocalJob(2, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(20)))) {
            final List<Throwable> errors = job.errors(communicator -> {
                final boolean isOdd = communicator.rank() == 1;
                final float[] values = new float[64];
                final long[] words = new long[1];
                switch (what) {
                    case "op" -> communicator.allReduce(values, values, isOdd ? ReduceOp.SUM : ReduceOp.MAJORITY);
                    case "type" -> {
                        if (isOdd) {
                            communicator.vote(words, words, 64);
                        } else {
                            communicator.allReduce(values, values, ReduceOp.MAJORITY);
                        }
                    }
                    case "root" -> communicator.broadcast(values, communicator.rank());
                    default -> {
                        if (isOdd) {
                            communicator.close();
                        }
                        communicator.barrier();
                    }
                }
            });

            assertInstanceOf(ProtocolException.class, errors.get(0), () -> String.valueOf(errors.get(0)));
            final Class<?> expected = what.equals("close") ? IllegalStateException.class : ProtocolException.class;
            assertInstanceOf(expected, errors.get(1), () -> String.valueOf(errors.get(1)));
        }
    }

    @Test
    void shouldNameTheRanksThatDidNotCallByTheDeadline() throws Exception {
        try (LocalJob job = new LocalJob(4, new Context().timeoutNs(TimeUnit.MILLISECONDS.toNanos(300)))) {
            final float[][] targets = new float[4][1_000_000];
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() != 2) {
                    communicator.allReduce(new float[1_000_000], targets[communicator.rank()], ReduceOp.MAJORITY);
                }
            });

            for (final int rank : new int[] {0, 1, 3}) {
                assertInstanceOf(RoundTimeoutException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertMessage(message, "ballots of ranks [2]");
                assertEquals(List.of(2), ((RoundTimeoutException) errors.get(rank)).ranks());
                assertMessage(message, "round=1", "allReduce(MAJORITY");
                assertArrayEquals(new float[1_000_000], targets[rank]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum", "broadcast", "barrier"})
    void shouldNameOnlyTheRankThatIsMissing(final String what) throws Exception {
        try (LocalJob job = new LocalJob(4, new Context().timeoutNs(TimeUnit.MILLISECONDS.toNanos(300)))) {
            final float[] values = new float[100_000];
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() != 2) {
                    switch (what) {
                        case "sum" -> communicator.allReduce(values.clone(), values.clone(), ReduceOp.SUM);
                        case "broadcast" -> communicator.broadcast(values.clone(), 0);
                        default -> communicator.barrier();
                    }
                }
            });

            for (final int rank : new int[] {0, 1, 3}) {
                assertInstanceOf(RoundTimeoutException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertTrue(message.contains("of ranks [2]") || message.contains("of [2]"), message);
                assertEquals(List.of(2), ((RoundTimeoutException) errors.get(rank)).ranks());
            }
        }
    }

    @Test
    void shouldCloseLocalRanksOneAfterTheOther() {
        final Communicator[] ranks = Communicator.createLocal(8);

        assertTimeout(Duration.ofSeconds(3), () -> {
            for (final Communicator rank : ranks) {
                rank.close();
            }
        });
    }

    @Test
    void shouldTellTheOthersWhenARankGivesUpAndStayFailed() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context().strict(true))) {
            final LocalJob.Program program = communicator -> {
                final float[] values = new float[1000];
                values[7] = communicator.rank() == 1 ? Float.NaN : 1;
                communicator.allReduce(values, values, ReduceOp.MAJORITY);
            };

            final List<Throwable> errors = job.errors(program);
            final List<Throwable> later = job.errors(Communicator::barrier);

            assertMessage(errors.get(1), "not finite");
            assertInstanceOf(AbortedException.class, errors.get(0));
            assertMessage(errors.get(0), "rank 1 gave up");
            later.forEach(error -> assertEquals(
                    List.of(1), assertInstanceOf(AbortedException.class, error).ranks()));
        }
    }

    @Test
    void shouldKeepTheInterruptAndTellTheOthers() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            final AtomicBoolean isKept = new AtomicBoolean();
            final CountDownLatch isOver = new CountDownLatch(1);
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 1) {
                    isOver.await();
                    communicator.barrier();
                    return;
                }
                Thread.currentThread().interrupt();
                try {
                    communicator.barrier();
                } finally {
                    isKept.set(Thread.interrupted());
                    isOver.countDown();
                }
            });

            assertEquals(
                    List.of(0),
                    assertInstanceOf(InterruptedCallException.class, errors.get(0))
                            .ranks());
            assertEquals(
                    List.of(0),
                    assertInstanceOf(AbortedException.class, errors.get(1)).ranks());
            assertTrue(isKept.get());
        }
    }

    @Test
    void shouldTellTheOthersWhenAVerdictCannotBeTakenOver() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                try (OffHeap memory = new OffHeap(8)) {
                    final VerdictSink sink = (words, count) -> {
                        if (communicator.rank() == 1) {
                            throw new OutOfMemoryError("no room for a verdict");
                        }
                    };
                    communicator.vote(new PlainMemory().of(DataType.SIGN, memory.address()), sink, 64, 1);
                    communicator.barrier();
                }
            });

            assertEquals("no room for a verdict", errors.get(1).getMessage());
            for (final int rank : new int[] {0, 2}) {
                assertInstanceOf(AbortedException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertMessage(message, "rank 1 gave up: no room for a verdict");
            }
        }
    }

    @Test
    void shouldRefuseWhatCannotBeDoneAndGoOn() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context());
                OffHeap memory = new OffHeap(64)) {
            final Communicator communicator = job.rank(0);
            final ByteBuffer small = ByteBuffer.allocateDirect(8);
            final float[] two = new float[2];

            refuse("count=-1", () -> communicator.vote(new long[1], new long[1], -1));
            refuse("count=-1", () -> communicator.broadcast(memory.address(), -1, DataType.FLOAT32, 0));
            refuse(
                    "expected 0 to 17179869184",
                    () -> communicator.allReduce(
                            memory.address(),
                            memory.address(),
                            Communicator.MAX_COUNT + 1,
                            DataType.FLOAT32,
                            ReduceOp.SUM));
            refuse("target has 2 floats, needs 3", () -> communicator.allReduce(new float[3], two, ReduceOp.SUM));
            refuse("source has 1 words, needs 2", () -> communicator.vote(new long[1], new long[2], 65));
            refuse(
                    "source has 8 bytes remaining, FLOAT32 count=3 needs 12",
                    () -> communicator.allReduce(small, small, 3, DataType.FLOAT32, ReduceOp.MAJORITY));
            refuse(
                    "on the heap",
                    () -> communicator.allReduce(
                            ByteBuffer.allocate(8), small, 2, DataType.FLOAT32, ReduceOp.MAJORITY));
            refuse(
                    "source is big-endian, call source.order(ByteOrder.LITTLE_ENDIAN)",
                    () -> communicator.allReduce(small, small, 2, DataType.FLOAT32, ReduceOp.MAJORITY));
            refuse(
                    "allReduce(SUM, SIGN) is unknown",
                    () -> communicator.allReduce(memory.address(), memory.address(), 1, DataType.SIGN, ReduceOp.SUM));
            refuse("allReduce(null, FLOAT32) is unknown", () -> communicator.allReduce(two, two, null));
            refuse(
                    "target is read-only",
                    () -> communicator.allReduce(
                            small, small.asReadOnlyBuffer(), 2, DataType.FLOAT32, ReduceOp.MAJORITY));
            refuse("root=1, expected a rank, 0 to 0", () -> communicator.broadcast(two, 1));
            refuse(
                    "source=0 is not a valid address",
                    () -> communicator.allReduce(0, memory.address(), 1, DataType.SIGN, ReduceOp.MAJORITY));
            refuse(
                    "target=0 is not a valid address",
                    () -> communicator.allReduce(memory.address(), 0, 1, DataType.SIGN, ReduceOp.MAJORITY));
            refuse("address=0 is not a valid address", () -> communicator.broadcast(0, 1, DataType.SIGN, 0));
            refuse("source=null, a vote needs both", () -> communicator.vote(null, (words, count) -> {}, 1, 1));

            communicator.allReduce(two, two, ReduceOp.SUM);
            communicator.close();
            for (final Runnable call : List.<Runnable>of(
                    communicator::barrier,
                    () -> communicator.allReduce(two, two, ReduceOp.SUM),
                    () -> communicator.broadcast(two, 0),
                    () -> communicator.vote(new long[1], new long[1], 64))) {
                final String message =
                        assertThrows(IllegalStateException.class, call::run).getMessage();
                assertEquals("communicator is closed, make another one", message);
            }
        }
    }

    @Test
    void shouldCountZerosAndTies() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final float sign = communicator.rank() == 0 ? 1 : -1;
                final float[] values = {0f, -0f, Float.NaN, sign, sign};
                communicator.allReduce(values, new float[5], ReduceOp.MAJORITY);
                assertEquals(2, communicator.census().zeros());
                assertEquals(1, communicator.census().notFinite());
            });
            final long ties = job.rank(0).census().ties() + job.rank(1).census().ties();
            assertTrue(ties >= 2, "ties=" + ties);

            // calls that one rank tallies alone have no ties for the other to count again
            job.run(communicator -> {
                for (int call = 0; call < 3; call++) {
                    communicator.barrier();
                    communicator.allReduce(new float[] {1, 1}, new float[2], ReduceOp.MAJORITY);
                }
            });
            assertEquals(
                    ties, job.rank(0).census().ties() + job.rank(1).census().ties());
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }
}
