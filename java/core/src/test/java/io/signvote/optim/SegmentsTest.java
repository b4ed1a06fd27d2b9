package io.signvote.optim;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.error.ConfigurationException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps over memory in several places give the bits of the same floats laid end to end, wherever either vector is cut. */
class SegmentsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 64", "3, 65", "2, 700", "3, 40_013", "4, 200_001"})
    void shouldFollowThePaperBitForBitHoweverGradientsAndParametersAreCut(final int ranks, final String count)
            throws Exception {
        final int n = Integer.parseInt(count.replace("_", ""));

        try (Training training = new Training(ranks, n, ZeroPolicy.RANDOM, TiePolicy.RANDOM);
                Places places = new Places(training)) {
            for (int step = 0; step < 5; step++) {
                final float[][] gradients = training.gradients(step);
                gradients[0][n / 2] = step == 2 ? Float.NaN : gradients[0][n / 2];
                final PaperSignum.Rates rates = PaperSignum.Rates.of(step);
                places.write(gradients);
                training.job().run(communicator -> {
                    final int rank = communicator.rank();
                    rates.set(training.optimisers[rank]);
                    training.optimisers[rank].step(places.gradients[rank].segments, places.parameters[rank].segments);
                });
                places.read();
                training.paper.step(gradients, rates);
                training.check();
            }
        }
    }

    @Test
    void shouldRetryAStepThatFailed() throws Exception {
        final Context impatient = new Context().timeoutNs(TimeUnit.SECONDS.toNanos(2));

        try (Training training = new Training(2, 9_001, impatient);
                Places places = new Places(training)) {
            final float[][] gradients = training.gradients(0);
            final float[] before = training.parameters[0].clone();
            places.write(gradients);
            final List<Throwable> errors = training.job().errors(communicator -> {
                if (communicator.rank() == 0) {
                    training.optimisers[0].step(places.gradients[0].segments, places.parameters[0].segments);
                }
            });

            assertInstanceOf(RoundTimeoutException.class, errors.get(0));
            places.read();
            assertArrayEquals(before, training.parameters[0]);

            assertThrows(
                    RuntimeException.class,
                    () -> training.optimisers[1].step(places.gradients[1].segments, places.parameters[1].segments));
            training.reconnect();
            training.job().run(communicator -> {
                final int rank = communicator.rank();
                training.optimisers[rank].retry(communicator, places.parameters[rank].segments);
            });
            places.read();
            training.paper.step(gradients, PaperSignum.Rates.DEFAULTS);
            training.check();
        }
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        try (LocalJob job = new LocalJob(1, new Context());
                Signum signum = new Signum(job.rank(0), 10);
                Scattered ten = new Scattered(10, 1);
                Scattered nine = new Scattered(9, 1)) {
            refuse("segment=1: count=-1, expected at least 0", () -> new Segments(3, -1));
            refuse("gradients has 9 floats, needs 10", () -> signum.step(nine.segments, ten.segments));
            refuse("parameters has 9 floats, needs 10", () -> signum.step(ten.segments, nine.segments));
            refuse(
                    "parameters has no address for segment=1, call at(1, ...)",
                    () -> signum.step(ten.segments, new Segments(4, 6).at(0, 8)));
            refuse("gradients has no address", () -> signum.step(0, 8));

            assertEquals(0, signum.steps());
            signum.step(ten.segments, ten.segments);
            assertEquals(1, signum.steps());
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }

    /** Every rank's gradients and parameters, each cut by a lot of its own. */
    private static final class Places implements AutoCloseable {
        final Scattered[] gradients;
        final Scattered[] parameters;
        private final Training training;

        Places(final Training training) {
            this.training = training;
            gradients = new Scattered[training.ranks];
            parameters = new Scattered[training.ranks];
            for (int rank = 0; rank < training.ranks; rank++) {
                gradients[rank] = new Scattered(training.n, 2L * rank);
                parameters[rank] = new Scattered(training.n, 2L * rank + 1);
                parameters[rank].write(training.parameters[rank]);
            }
            assertTrue(training.n < 700 || gradients[0].size() > 1, "nothing is cut");
        }

        void write(final float[][] values) {
            for (int rank = 0; rank < training.ranks; rank++) {
                gradients[rank].write(values[rank]);
            }
        }

        void read() {
            for (int rank = 0; rank < training.ranks; rank++) {
                parameters[rank].read(training.parameters[rank]);
            }
        }

        @Override
        public void close() {
            CloseHelper.closeAll(gradients);
            CloseHelper.closeAll(parameters);
        }
    }
}
