package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic of a step, bit for bit. */
class SignumTest {
    @ParameterizedTest
    @CsvSource({
        "1, RANDOM,   RANDOM,   auto",
        "2, RANDOM,   RANDOM,   auto",
        "2, POSITIVE, NEGATIVE, auto",
        "3, POSITIVE, POSITIVE, auto",
        "4, RANDOM,   NEGATIVE, auto",
        "4, POSITIVE, RANDOM,   scalar",
        "5, RANDOM,   POSITIVE, scalar",
    })
    void shouldFollowThePaperBitForBitWithChangingRates(
            final int ranks, final ZeroPolicy zeroPolicy, final TiePolicy tiePolicy, final String kernel)
            throws Exception {
        final Context context =
                new Context().zeroPolicy(zeroPolicy).tiePolicy(tiePolicy).kernel(kernel);

        try (Training training = new Training(ranks, 10_007, context)) {
            for (int step = 0; step < 6; step++) {
                training.step(training.gradients(step), PaperSignum.Rates.of(step));
            }

            assertTrue(training.paper.zeroCounts[0] > 6 * 10_007 / 16, "no zeros were tried");
            assertEquals(6, training.optimisers[0].steps());
        }
    }

    /** One rank, so that what the census of its communicator counts is what its optimiser counts. */
    @Test
    void shouldCountItsZerosInTheCensus() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context())) {
            job.run(communicator -> {
                try (Signum signum = new Signum(communicator, 5)) {
                    final float[] gradients = {0, 1, Float.NaN, -0f, Float.NEGATIVE_INFINITY};
                    signum.step(gradients, new float[5]);
                    communicator.allReduce(new float[] {0, 1}, new float[2], ReduceOp.MAJORITY);

                    assertEquals(2, signum.zeroCount());
                    assertEquals(2, signum.notFiniteCount());
                    assertEquals(3, communicator.census().zeros());
                    assertEquals(2, communicator.census().notFinite());
                }
            });
        }
    }

    @Test
    void shouldStepWithTheDefaultsOfThePaper() throws Exception {
        try (Training training = new Training(3, 1000, ZeroPolicy.RANDOM, TiePolicy.RANDOM)) {
            training.job().run(communicator -> {
                final int rank = communicator.rank();
                training.optimisers[rank].step(training.gradients(rank, 0), training.parameters[rank]);
            });
            training.paper.step(training.gradients(0), PaperSignum.Rates.DEFAULTS);

            training.check();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSITIVE", "RANDOM"})
    void shouldLeaveMomentumAloneWhereTheGradientIsNotFinite(final ZeroPolicy zeroPolicy) throws Exception {
        try (Training training = new Training(3, 500, zeroPolicy, TiePolicy.RANDOM)) {
            training.step(training.gradients(0), PaperSignum.Rates.DEFAULTS);
            final float before = training.paper.momentum[1][8];
            final float[][] broken = training.gradients(1);
            broken[1][8] = Float.NaN;
            broken[1][9] = Float.POSITIVE_INFINITY;
            broken[2][499] = Float.NEGATIVE_INFINITY;
            training.step(broken, PaperSignum.Rates.DEFAULTS);

            assertEquals(before, training.momentum(1)[8]);
            assertEquals(2, training.optimisers[1].notFiniteCount());
            assertEquals(1, training.optimisers[2].notFiniteCount());
            training.step(training.gradients(2), PaperSignum.Rates.DEFAULTS);
            assertTrue(Float.isFinite(training.momentum(1)[8]), "a NaN stayed");
        }
    }

    /** The momentum is below 2^-126 after 829 steps with a beta of 0.9, and after 171 with 0.6. */
    @ParameterizedTest
    @CsvSource({"0.9, RANDOM, auto", "0.9, POSITIVE, scalar", "0.6, RANDOM, scalar"})
    void shouldVoteByPolicyForCoordinatesWhoseGradientDied(
            final float beta, final ZeroPolicy zeroPolicy, final String kernel) throws Exception {
        final PaperSignum.Rates rates = new PaperSignum.Rates(1e-3f, beta, 0);
        final Context context =
                new Context().zeroPolicy(zeroPolicy).tiePolicy(TiePolicy.RANDOM).kernel(kernel);

        try (Training training = new Training(3, 64, context)) {
            final float[][] gradients = new float[3][64];
            for (final float[] g : gradients) {
                Arrays.fill(g, 0, 32, -1f);
                Arrays.fill(g, 32, 64, 1f);
            }
            training.step(gradients, rates);
            for (final float[] g : gradients) {
                Arrays.fill(g, 0f);
            }
            for (int step = 1; step < 900; step++) {
                training.step(gradients, rates);
            }

            assertArrayEquals(new float[64], training.momentum(0));
            assertTrue(training.optimisers[0].zeroCount() > 64, "no zeros were voted");
            assertEquals(0, training.optimisers[0].zeroCount() % 64, "some died sooner than others");
        }
    }

    @Test
    void shouldStepMemoryAsItStepsArrays() throws Exception {
        final int n = 40_001;

        try (Training training = new Training(2, n, ZeroPolicy.RANDOM, TiePolicy.RANDOM);
                OffHeap memory = new OffHeap(2 * 2 * 4L * n)) {
            final float[] start = training.parameters[0].clone();
            for (int rank = 0; rank < 2; rank++) {
                HeapArrays.copy(start, memory.address() + rank * 8L * n, n);
            }
            try (LocalJob other = new LocalJob(2, new Context().seed(Training.SEED))) {
                final Signum[] byAddress = {new Signum(other.rank(0), n), new Signum(other.rank(1), n)};
                for (int step = 0; step < 3; step++) {
                    final int now = step;
                    training.step(training.gradients(step), PaperSignum.Rates.of(step));
                    other.run(communicator -> {
                        final int rank = communicator.rank();
                        final long x = memory.address() + rank * 8L * n;
                        HeapArrays.copy(training.gradients(rank, now), x + 4L * n, n);
                        PaperSignum.Rates.of(now).set(byAddress[rank]);
                        byAddress[rank].step(x + 4L * n, x);
                    });
                }
                for (int rank = 0; rank < 2; rank++) {
                    final float[] x = new float[n];
                    HeapArrays.copy(memory.address() + rank * 8L * n, x, n);
                    assertArrayEquals(training.paper.parameters, x);
                    byAddress[rank].close();
                }
            }
        }
    }

    @Test
    void shouldTouchNothingBeyondItsCount() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context());
                Signum signum = new Signum(job.rank(0), 65)) {
            final float[] parameters = new float[70];
            final float[] gradients = new float[70];
            Arrays.fill(gradients, 1);
            signum.learningRate(1).step(gradients, parameters);

            assertEquals(-1, parameters[64]);
            assertArrayEquals(new float[5], Arrays.copyOfRange(parameters, 65, 70));
        }
    }

    @Test
    void shouldRefuseArgumentsThatCannotBe() {
        try (LocalJob job = new LocalJob(1, new Context());
                Signum signum = new Signum(job.rank(0), 10)) {
            final float[] ten = new float[10];
            final float[] nine = new float[9];

            final Signum closed = new Signum(job.rank(0), 1);
            closed.close();
            closed.close();
            final float[] one = {1};
            assertEquals(
                    "signum is closed, make another one and restore what was saved",
                    assertThrows(IllegalStateException.class, () -> closed.step(one, one))
                            .getMessage());
            job.rank(0).allReduce(one, one, ReduceOp.SUM);
            refuse("count=-1, expected 0 to 17179869184", () -> new Signum(job.rank(0), -1).close());
            refuse("count=17179869185", () -> new Signum(job.rank(0), Communicator.MAX_COUNT + 1).close());
            for (final float eta : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
                refuse("eta=" + eta + ", expected at least 0", () -> signum.learningRate(eta));
            }
            for (final float beta : new float[] {1, -0.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
                refuse("beta=" + beta + ", expected 0 to below 1", () -> signum.momentum(beta));
            }
            for (final float lambda : new float[] {-1e-9f, Float.NaN, Float.POSITIVE_INFINITY}) {
                refuse("lambda=" + lambda + ", expected at least 0", () -> signum.weightDecay(lambda));
            }
            refuse("gradients has 9 floats, needs 10", () -> signum.step(nine, ten));
            refuse("parameters has 9 floats, needs 10", () -> signum.step(ten, nine));

            assertEquals(0, signum.steps());
            signum.step(ten, ten);
            assertEquals(1, signum.steps());
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }
}
