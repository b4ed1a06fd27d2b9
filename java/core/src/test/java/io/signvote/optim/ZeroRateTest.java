package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.error.ConfigurationException;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that reach a learning rate of 0: the vote goes on, the momentum advances, the parameters stay as they are. */
class ZeroRateTest {
    private static final float[] AWKWARD = {
        0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1
    };

    @Test
    void shouldFollowACosineScheduleDownToZeroAndUpAgain() throws Exception {
        final int steps = 8;

        try (Training training = new Training(3, 1_001, ZeroPolicy.RANDOM, TiePolicy.RANDOM)) {
            for (int step = 0; step <= 2 * steps; step++) {
                final float eta = (float) (1e-3 * (1 + Math.cos(Math.PI * step / steps)) / 2);
                training.step(training.gradients(step), new PaperSignum.Rates(eta, 0.9f, step % 2 * 0.01f));
                assertEquals(step == steps, eta == 0, "the schedule must reach 0 once");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-0.0, 0", "0, 0.01", "-0.0, 3e38"})
    void shouldLeaveEveryBitOfTheParametersAtARateOfZero(final float eta, final float lambda) throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                final float[] parameters = AWKWARD.clone();
                final float[] gradients = new float[AWKWARD.length];
                Arrays.fill(gradients, communicator.rank() == 0 ? 1 : 2);
                try (Signum signum = new Signum(communicator, AWKWARD.length)) {
                    signum.learningRate(eta).weightDecay(lambda).step(gradients, parameters);
                    for (int i = 0; i < AWKWARD.length; i++) {
                        assertEquals(
                                Float.floatToRawIntBits(AWKWARD[i]),
                                Float.floatToRawIntBits(parameters[i]),
                                "parameter " + AWKWARD[i]);
                    }
                    assertEquals(1, signum.steps());

                    // the momentum is that of the first step: minus one half of it has the sign of the first
                    Arrays.fill(gradients, communicator.rank() == 0 ? -0.5f : -1);
                    signum.learningRate(1).weightDecay(0).step(gradients, parameters);
                    assertEquals(-1f, parameters[0]);
                    assertNotEquals(AWKWARD[7], parameters[7]);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-Float.MIN_VALUE, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void shouldRefuseByNameARateThatIsNegativeOrNotFinite(final float wrong) {
        final Rates rates = new Rates();

        assertMessage("eta=" + wrong + ", expected at least 0", () -> rates.eta(wrong));
        assertMessage("beta=" + wrong + ", expected 0 to below 1", () -> rates.beta(wrong));
        assertMessage("lambda=" + wrong + ", expected at least 0", () -> rates.lambda(wrong));
    }

    @Test
    void shouldTakeEveryZeroAsOne() {
        final Rates rates = new Rates();
        rates.eta(-0f);
        rates.beta(-0f);
        rates.lambda(-0f);

        assertEquals(0, Float.floatToRawIntBits(rates.eta()));
        assertEquals(0, Float.floatToRawIntBits(rates.beta()));
        assertEquals(0, Float.floatToRawIntBits(rates.lambda()));
        assertEquals(1, rates.oneMinusBeta());
    }

    private static void assertMessage(final String expected, final Runnable call) {
        assertEquals(
                expected, assertThrows(ConfigurationException.class, call::run).getMessage());
    }
}
