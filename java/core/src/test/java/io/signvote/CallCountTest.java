package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.signvote.Configuration.PlanKind;
import io.signvote.error.ProtocolException;
import io.signvote.op.ReduceOp;
import io.signvote.optim.Signum;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that make different numbers of calls are told how many each has made, and can decide together instead. */
class CallCountTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void shouldTellEveryRankWhoLeftAfterHowManyCalls(final int leaver) throws Exception {
        try (LocalJob job = new LocalJob(4, context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final float[] values = new float[100];
                try (Gathered own = new Gathered(4 << 10)) {
                    // two rounds each, but one call
                    communicator.allGather(values, own);
                    communicator.allGather(new float[0], own);
                }
                communicator.barrier();
                communicator.broadcast(values, 2);
                for (int call = 5; call <= 11; call++) {
                    communicator.allReduce(values, values, ReduceOp.SUM);
                }
                if (communicator.rank() == leaver) {
                    communicator.close();
                } else {
                    communicator.allReduce(values, values, ReduceOp.MAJORITY);
                }
            });

            for (int rank = 0; rank < 4; rank++) {
                if (rank == leaver) {
                    assertNull(errors.get(rank));
                    continue;
                }
                assertInstanceOf(ProtocolException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertMessage(
                        message,
                        "rank " + leaver + " called close() after 11 calls, rank ",
                        " is in call 12, allReduce(MAJORITY, FLOAT32, count=100)",
                        "let all ranks decide by",
                        "allTrue or anyTrue");
            }
        }
    }

    /** A rank whose gradients overflow leaves out its step, as loss scalers do, and so ends one call early. */
    @Test
    void shouldSayThatASkippedStepIsMissingAtTheEnd() throws Exception {
        final int steps = 10;
        try (LocalJob job = new LocalJob(2, context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                final float[] parameters = new float[3];
                try (communicator;
                        Signum signum = new Signum(communicator, 3)) {
                    for (int step = 0; step < steps; step++) {
                        if (isFinite(communicator.rank(), step)) {
                            signum.step(new float[] {1, 2, 3}, parameters);
                        }
                    }
                }
            });

            assertNull(errors.get(1));
            assertInstanceOf(ProtocolException.class, errors.get(0));
            final String message = errors.get(0).getMessage();
            assertMessage(message, "rank 1 called close() after 9 calls, rank 0 is in call 10", "skip a step");
        }
    }

    @Test
    void shouldSkipAStepTogether() throws Exception {
        final int steps = 10;
        final float[][] parameters = new float[2][3];
        try (LocalJob job = new LocalJob(2, context())) {
            job.run(communicator -> {
                try (communicator;
                        Signum signum = new Signum(communicator, 3).learningRate(1)) {
                    for (int step = 0; step < steps; step++) {
                        if (communicator.allTrue(isFinite(communicator.rank(), step))) {
                            signum.step(new float[] {1, 2, 3}, parameters[communicator.rank()]);
                        }
                    }
                    assertEquals(steps - 1, signum.steps());
                }
            });
        }

        assertArrayEquals(new float[] {-9, -9, -9}, parameters[0]);
        assertArrayEquals(parameters[0], parameters[1]);
    }

    @ParameterizedTest
    @CsvSource({"1,SHARDED", "2,SHARDED", "3,SHARDED", "5,STAR"})
    void shouldGiveEveryRankTheSameAnswer(final int ranks, final PlanKind plan) throws Exception {
        try (LocalJob job = new LocalJob(ranks, context().plan(plan))) {
            job.run(communicator -> {
                for (int said = 0; said < 1 << ranks; said++) {
                    final boolean value = (said >> communicator.rank() & 1) == 1;
                    assertEquals(said == (1 << ranks) - 1, communicator.allTrue(value), "all of " + said);
                    assertEquals(said != 0, communicator.anyTrue(value), "any of " + said);
                }
                assertEquals(0, communicator.census().zeros());
            });
        }
    }

    @Test
    void shouldTellRanksThatAskDifferentQuestions() throws Exception {
        try (LocalJob job = new LocalJob(3, context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 1) {
                    communicator.anyTrue(true);
                } else {
                    communicator.allTrue(true);
                }
            });

            for (final Throwable error : errors) {
                assertInstanceOf(ProtocolException.class, error);
                assertMessage(error, "allTrue()", "anyTrue()");
            }
        }
    }

    /** A sum of one float is another call than a decision. */
    @Test
    void shouldTellADecisionFromASum() throws Exception {
        try (LocalJob job = new LocalJob(2, context())) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() == 1) {
                    communicator.anyTrue(true);
                } else {
                    communicator.allReduce(new float[1], new float[1], ReduceOp.SUM);
                }
            });

            errors.forEach(error -> assertInstanceOf(ProtocolException.class, error));
        }
    }

    private static boolean isFinite(final int rank, final int step) {
        return rank != 1 || step != 4;
    }

    private static Context context() {
        return new Context().timeoutNs(TimeUnit.SECONDS.toNanos(20));
    }
}
