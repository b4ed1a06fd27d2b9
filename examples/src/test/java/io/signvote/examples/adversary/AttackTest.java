package io.signvote.examples.adversary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttackTest {
    private static final int COUNT = 10_000;

    @Test
    void shouldInvert() {
        assertArrayEquals(new float[] {-1, 2, -0f}, corrupted(Attack.INVERT, 1, 1, -2, 0));
    }

    @Test
    void shouldSendMinusTenfold() {
        assertArrayEquals(new float[] {-10, 20}, corrupted(Attack.NEGATIVE, 1, 1, -2));
    }

    @ParameterizedTest
    @CsvSource({"RANDOMISE, 3", "RANDOM, 30"})
    void shouldDrawSignsAndKeepMagnitudes(final Attack attack, final float magnitude) {
        final float[] gradients = new float[COUNT];
        Arrays.fill(gradients, 3);

        final float[] sent = corrupted(attack, 1, gradients);

        int negative = 0;
        for (final float value : sent) {
            assertEquals(magnitude, Math.abs(value));
            negative += value < 0 ? 1 : 0;
        }
        // five deviations of 50 about the half
        assertTrue(Math.abs(negative - COUNT / 2) < 250, negative + " negative");
        assertFalse(Arrays.equals(sent, corrupted(attack, 2, gradients)));
        assertArrayEquals(sent, corrupted(attack, 1, gradients));
    }

    @Test
    void shouldRescaleWithoutTurningASign() {
        final float[] gradients = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            gradients[i] = i % 2 == 0 ? 2 : -2;
        }

        final float[] sent = corrupted(Attack.RESCALE, 1, gradients);

        int larger = 0;
        for (int i = 0; i < COUNT; i++) {
            final float factor = sent[i] / gradients[i];
            assertTrue(factor >= 0.999e-3 && factor <= 1.001e3, "factor " + factor);
            larger += factor > 1 ? 1 : 0;
        }
        assertTrue(Math.abs(larger - COUNT / 2) < 250, larger + " larger");
    }

    @Test
    void shouldColludeOnTheSumOfAllMembers() throws Exception {
        final Colluders colluders = new Colluders(3);
        final float[][] gradients = {{1, 1}, {2, -5}, {-4, 1}};
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            final Future<?>[] futures = new Future<?>[3];
            for (int i = 0; i < 3; i++) {
                final Adversary member = Attack.COLLUDE.adversary(i, colluders.member(i));
                final float[] own = gradients[i];
                futures[i] = threads.submit(() -> member.corrupt(own));
            }
            for (final Future<?> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }

        for (final float[] sent : gradients) {
            assertArrayEquals(new float[] {1, 3}, sent);
        }
    }

    private static float[] corrupted(final Attack attack, final long seed, final float... gradients) {
        final float[] copy = gradients.clone();
        attack.adversary(seed, Adversary.HONEST).corrupt(copy);
        return copy;
    }
}
