package io.signvote.examples.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.data.Text;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecurrentTest {
    private static final int LENGTH = 6;
    private static final int[] STARTS = {3, 40, 77, 0};

    private static Text text;

    @BeforeAll
    static void makeText() throws IOException {
        text = Text.of("test", "the cat sat on the mat and the dog ran after it. ".repeat(500));
    }

    @Test
    void shouldComeCloseToTanh() {
        for (double x = -12; x <= 12; x += 0.01) {
            assertEquals(Math.tanh(x), Activations.tanh((float) x), Math.abs(x) < 5 ? 1e-6 : 4e-5);
        }
    }

    @Test
    void shouldHaveTheGradientsThatFiniteDifferencesHave() {
        final Network network = Network.characters(text.symbolCount(), 5, 7, LENGTH, STARTS.length);
        network.initialise(2);
        final Batch batch = batch(STARTS.length);
        network.train(batch);
        final float[] gradients = network.gradients().clone();
        final float[] parameters = network.parameters();

        double error = 0;
        double size = 0;
        for (int i = 0; i < parameters.length; i++) {
            final float held = parameters[i];
            final float step = 1e-2f;
            parameters[i] = held + step;
            final double above = network.train(batch);
            parameters[i] = held - step;
            final double below = network.train(batch);
            parameters[i] = held;
            final double expected = (above - below) / (2 * step);
            error += (expected - gradients[i]) * (expected - gradients[i]);
            size += expected * expected;
        }

        assertTrue(Math.sqrt(error / size) < 2e-3, "relative error " + Math.sqrt(error / size));
    }

    @Test
    void shouldSeeNothingOfWhatComesLaterOrOfOtherPieces() {
        final Qrnn layer = new Qrnn(1, 3, LENGTH, 0, 2 * LENGTH);
        final float[] parameters = new float[layer.parameterCount];
        layer.initialise(parameters, new SplittableRandom(2));
        final float[] input = new float[2 * LENGTH];
        for (int i = 0; i < input.length; i++) {
            input[i] = i % 5 - 2;
        }
        final float[] before = layer.forward(parameters, input, input.length).clone();

        // the second piece at step 2, and so columns 5, 7, 9 and 11, of three units
        input[2 * 2 + 1] = 9;
        final float[] after = layer.forward(parameters, input, input.length);

        for (int i = 0; i < before.length; i++) {
            final int column = i % input.length;
            assertEquals(column < 5 || column % 2 == 0, before[i] == after[i], "column " + column);
        }
    }

    @Test
    void shouldLearnAShortTextByHeart() {
        final Network network = Network.characters(text.symbolCount(), 8, 24, LENGTH, STARTS.length);
        network.initialise(1);
        final Batch batch = batch(STARTS.length);
        final double before = network.train(batch);
        for (int round = 0; round < 300; round++) {
            network.train(batch);
            for (int i = 0; i < network.parameters().length; i++) {
                network.parameters()[i] -= 5e-3f * Math.signum(network.gradients()[i]);
            }
        }

        final double after = network.train(batch);
        assertTrue(before > 2 && after < 0.7, before + " before, " + after + " after");
    }

    @Test
    void shouldLayOutParametersWithoutGapOrOverlap() {
        final Network network = Network.characters(10, 4, 6, LENGTH, 2);

        assertEquals(
                new Tensors(40, 3 * 6 * 8, 18, 3 * 6 * 12, 18, 60, 10).toString(),
                network.tensors().toString());
        assertEquals(network.tensors().total(), network.parameters().length);
    }

    private static Batch batch(final int pieces) {
        return new Batch(1, pieces * LENGTH).fill(text, STARTS, 0, pieces, LENGTH);
    }
}
