package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.collective.BallotSource;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.Segments;
import io.signvote.optim.Signum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A count of 0, as pieces of sharded tensors have it: every call compares with the other ranks and moves nothing. */
class EmptyCallTest {
    private static final float[] NONE = {};

    @ParameterizedTest
    @CsvSource({"1,SHARDED", "2,SHARDED", "3,SHARDED", "3,STAR"})
    void shouldTakeACountOfZeroInEveryCall(final int ranks, final PlanKind plan) throws Exception {
        try (LocalJob job = new LocalJob(ranks, new Context().plan(plan))) {
            job.run(communicator -> {
                final float[] three = {5, 6, 7};
                for (final ReduceOp op : ReduceOp.values()) {
                    op.types().forEach(type -> communicator.allReduce(0, 0, 0, type, op));
                    if (!op.takes(DataType.FLOAT32)) {
                        continue;
                    }
                    communicator.allReduce(NONE, NONE, op);
                    communicator.allReduce(NONE, three, op);
                    communicator.allReduce(0, 0, 0, DataType.FLOAT32, op);
                    communicator.allReduce((ByteBuffer) null, null, 0, DataType.FLOAT32, op);
                    final ByteBuffer heap = ByteBuffer.allocate(0);
                    communicator.allReduce(heap, heap.asReadOnlyBuffer(), 0, DataType.FLOAT32, op);
                }
                communicator.allReduce(0, 0, 0, DataType.SIGN, ReduceOp.MAJORITY);
                communicator.vote(new long[0], new long[] {9}, 0);
                for (int root = 0; root < ranks; root++) {
                    communicator.broadcast(NONE, root);
                    communicator.broadcast(0, 0, DataType.SIGN, root);
                    communicator.broadcast(0, 0, DataType.FLOAT32, root);
                }
                try (Gathered gathered = new Gathered(0)) {
                    communicator.allGather(NONE, gathered);
                    communicator.allGather(0, 0, gathered);
                    communicator.allGather(ByteBuffer.allocateDirect(0), gathered);
                    assertEquals(ranks, gathered.ranks());
                    assertEquals(0, gathered.totalLength());
                }

                assertArrayEquals(new float[] {5, 6, 7}, three);
                communicator.allReduce(three, three, ReduceOp.SUM);
                assertArrayEquals(new float[] {5 * ranks, 6 * ranks, 7 * ranks}, three);
                assertEquals(0, communicator.census().zeros());
                assertEquals(0, communicator.census().ties());
            });
        }
    }

    @Test
    void shouldAskASourceForNothingAndTellItsSinkOfAnEmptyVerdict() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                final List<Long> counts = new ArrayList<>();
                communicator.vote(new Untouched(), (words, count) -> counts.add(count), 0, 1);
                assertEquals(List.of(0L), counts);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum", "majority", "signs", "broadcast", "source"})
    void shouldNameBothCallsOnEveryRankWhereOneHasNothing(final String what) throws Exception {
        for (int odd = 0; odd < 3; odd++) {
            for (final boolean isEmptyOdd : new boolean[] {true, false}) {
                final int other = odd;
                try (LocalJob job = new LocalJob(3, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(20)))) {
                    final List<Throwable> errors = job.errors(communicator -> {
                        final boolean isEmpty = communicator.rank() == other == isEmptyOdd;
                        call(communicator, what, isEmpty ? 0 : 1_000);
                        // a root that has nothing to send learns of the others in its next call at the latest
                        communicator.barrier();
                    });

                    for (final Throwable error : errors) {
                        assertInstanceOf(ProtocolException.class, error);
                        final String message = error.getMessage();
                        assertMessage(message, "round=1:", "count=0", "count=1000");
                    }
                }
            }
        }
    }

    private static void call(final Communicator communicator, final String what, final int n) {
        switch (what) {
            case "sum" -> communicator.allReduce(new float[n], new float[n], ReduceOp.SUM);
            case "majority" -> communicator.allReduce(new float[n], new float[n], ReduceOp.MAJORITY);
            case "signs" -> communicator.vote(new long[16], new long[16], n);
            case "broadcast" -> communicator.broadcast(new float[n], 1);
            default ->
                communicator.vote(
                        n == 0 ? new Untouched() : new Sources.Length().of(0),
                        (words, count) -> {
                            throw new AssertionError("decided");
                        },
                        n,
                        1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum", "majority", "broadcast"})
    void shouldLetNobodyRunAheadOfARankThatDoesNotCall(final String what) throws Exception {
        try (LocalJob job = new LocalJob(3, new Context().timeoutNs(TimeUnit.MILLISECONDS.toNanos(300)))) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() != 2) {
                    call(communicator, what, 0);
                }
            });

            for (int rank = 0; rank < 2; rank++) {
                assertInstanceOf(RoundTimeoutException.class, errors.get(rank), what);
                final String message = errors.get(rank).getMessage();
                assertTrue(message.contains("of ranks [2]") || message.contains("of [2]"), message);
            }
        }
    }

    @Test
    void shouldStepOverSegmentsOfWhichSomeAreEmpty() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context().seed(5))) {
            job.run(communicator -> {
                final ByteBuffer g = ByteBuffer.allocateDirect(4 * 200).order(ByteOrder.LITTLE_ENDIAN);
                final ByteBuffer x = ByteBuffer.allocateDirect(4 * 200).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < 200; i++) {
                    g.putFloat(4 * i, i % 3 - 1.5f);
                }
                final long gAt = BufferUtil.address(g);
                final long xAt = BufferUtil.address(x);
                // nothing says where an empty tensor lies
                final Segments gradients = new Segments(0, 64, 0, 0, 70, 66, 0);
                gradients.at(1, gAt).at(4, gAt + 4 * 64).at(5, gAt + 4 * 134);
                final Segments parameters = new Segments(100, 0, 100);
                parameters.at(0, xAt).at(2, xAt + 400);
                try (Signum signum = new Signum(communicator, 200).learningRate(1)) {
                    signum.step(gradients, parameters);
                }
                for (int i = 0; i < 200; i++) {
                    assertEquals(-Math.signum(i % 3 - 1.5f), x.getFloat(4 * i), "parameter " + i);
                }
            });
        }
    }

    @Test
    void shouldStepAndSaveAnOptimiserOfNothing() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                try (Signum signum = new Signum(communicator, 0);
                        Signum restored = new Signum(communicator, 0)) {
                    signum.step(NONE, NONE);
                    signum.step(0, 0);
                    signum.step(new Segments(), new Segments(0, 0));
                    final ByteArrayOutputStream saved = new ByteArrayOutputStream();
                    signum.save(saved);
                    restored.restore(new ByteArrayInputStream(saved.toByteArray()));
                    assertEquals(3, restored.steps());
                    restored.step(0, 0);
                }
            });
        }
    }

    @Test
    void shouldStillRefuseACountBelowZeroAndNoAddressForMore() {
        try (LocalJob job = new LocalJob(1, new Context())) {
            final Communicator communicator = job.rank(0);
            refuse("count=-1, expected 0 to", () -> communicator.allReduce(0, 0, -1, DataType.FLOAT32, ReduceOp.SUM));
            refuse("count=-1, expected 0 to", () -> communicator.vote(new long[1], new long[1], -1));
            refuse(
                    "source=0 is not a valid address",
                    () -> communicator.allReduce(0, 1, 1, DataType.SIGN, ReduceOp.MAJORITY));
            refuse(
                    "allReduce(SUM, SIGN) is unknown",
                    () -> communicator.allReduce(0, 0, 0, DataType.SIGN, ReduceOp.SUM));
            refuse("root=1, expected a rank", () -> communicator.broadcast(NONE, 1));
            refuse(
                    "source=null",
                    () -> communicator.allReduce((ByteBuffer) null, null, 1, DataType.FLOAT32, ReduceOp.SUM));
            refuse("count=-1, expected 0 to", () -> new Signum(communicator, -1).close());
            refuse("segment=1: count=-1, expected at least 0", () -> new Segments(1, -1));
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }

    /** Fails whoever asks it. */
    private static final class Untouched implements BallotSource {
        @Override
        public boolean isReady(final long coordinate, final int count) {
            throw new AssertionError("asked for a ballot of " + count);
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            throw new AssertionError("asked for a ballot of " + count);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            throw new AssertionError("asked for a ballot of " + count);
        }
    }
}
