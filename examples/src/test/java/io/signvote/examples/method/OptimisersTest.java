package io.signvote.examples.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.Communicator;
import io.signvote.examples.LocalRanks;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each method on a few numbers that were worked out by hand, over ranks of one process. */
class OptimisersTest {
    private static final float[][] THREE_RANKS = {{1, -1, 2}, {2, -2, -1}, {3, 3, -1}};

    @Test
    void shouldStepByTheMajorityOfSigns() throws Exception {
        final List<float[]> steps = steps(THREE_RANKS, 2, 0.5f, c -> new VotedSignum(c, 3, 0));

        // + + +, - - +, + - - : the majority is +, -, -
        assertAll(steps, -1, 1, 1);
    }

    @Test
    void shouldVoteWithTheMomentum() throws Exception {
        final List<float[]> results = LocalRanks.run(1, 1, communicator -> {
            final float[] parameters = {0};
            try (Optimiser signum = new VotedSignum(communicator, 1, 0.9f)) {
                signum.step(new float[] {1}, parameters, 1);
                // v = 0.9 * 0.1 - 0.1 * 0.5 is still positive
                signum.step(new float[] {-0.5f}, parameters, 1);
                // v = 0.9 * 0.04 - 0.1 * 0.5 is not
                signum.step(new float[] {-0.5f}, parameters, 1);
            }
            return parameters;
        });

        assertAll(results, -1);
    }

    @Test
    void shouldStepByTheMeanWithMomentum() throws Exception {
        // means 2, 0, 0; two steps: v = 2, then 0.5 * 2 + 2 = 3; in all -0.1 * 5
        assertAll(steps(THREE_RANKS, 2, 0.1f, c -> new AveragedSgd(c, 3, 0.5f)), -0.5f, 0, 0);
    }

    @Test
    void shouldStepAsAdamDoes() throws Exception {
        final List<float[]> results = LocalRanks.run(2, 1, communicator -> {
            final float[] parameters = {0, 0};
            try (Optimiser adam = new AveragedAdam(communicator, 2)) {
                // means 1 and -4. First step: both moments corrected are g and g^2, so the step is the rate
                adam.step(new float[] {communicator.rank() * 2, -4}, parameters, 0.1f);
                assertArrayEquals(new float[] {-0.1f, 0.1f}, parameters, 1e-6f);
                // then means 0 and 4: m = 0.9 * 0.1, v = 0.999 * 0.001; corrected 0.09 / 0.19 and 0.000999 / 0.001999
                adam.step(new float[] {0, 4}, parameters, 0.1f);
            }
            return parameters;
        });

        final double first = 0.09 / 0.19 / Math.sqrt(0.000999 / 0.001999);
        // m = 0.9 * -0.4 + 0.1 * 4 = 0.04, v = 0.999 * 0.016 + 0.001 * 16 = 0.031984
        final double second = 0.04 / 0.19 / Math.sqrt(0.031984 / 0.001999);
        assertEquals(-0.1 - 0.1 * first, results.get(0)[0], 1e-5);
        assertEquals(0.1 - 0.1 * second, results.get(0)[1], 1e-5);
        assertArrayEquals(results.get(0), results.get(1));
    }

    @Test
    void shouldAverageWhatKrumChooses() throws Exception {
        // n = 5, f = 1, m = 2 on the line of KrumTest: 0 and 1 are chosen, their mean is 0.5
        final float[][] line = {{0}, {1}, {3}, {10}, {11}};

        assertAll(steps(line, 1, 1, c -> new KrumSgd(c, 1, 1, 2, 0)), -0.5f);
        // m = 1 chooses 1; m = n - f = 4 chooses 0, 1, 3, 10
        assertAll(steps(line, 1, 1, c -> new KrumSgd(c, 1, 1, 1, 0)), -1);
        assertAll(steps(line, 1, 1, c -> new KrumSgd(c, 1, 1, 4, 0)), -3.5f);
    }

    private static List<float[]> steps(
            final float[][] gradients, final int count, final float rate, final Function<Communicator, Optimiser> maker)
            throws InterruptedException {
        return LocalRanks.run(gradients.length, 1, communicator -> {
            final float[] parameters = new float[gradients[0].length];
            try (Optimiser optimiser = maker.apply(communicator)) {
                for (int i = 0; i < count; i++) {
                    optimiser.step(gradients[communicator.rank()].clone(), parameters, rate);
                }
            }
            return parameters;
        });
    }

    private static void assertAll(final List<float[]> results, final float... expected) {
        for (final float[] result : results) {
            assertArrayEquals(expected, result, 1e-6f);
        }
    }
}
