package io.signvote.examples.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.PixelScale;
import io.signvote.examples.data.SampleOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final int BATCH = 5;
    private static final int SIDE = 7;
    private static final PixelScale SCALE = new PixelScale(new float[] {0.286f}, new float[] {0.353f});

    @Test
    void shouldHaveTheGradientsThatFiniteDifferencesHave() {
        final Network network = small();
        final Batch batch = new Batch(SIDE * SIDE, BATCH).fill(images(), SampleOrder.inOrder(BATCH), 0, BATCH);
        network.initialise(3);
        network.train(batch);
        final float[] gradients = network.gradients().clone();
        final float[] parameters = network.parameters();

        double largest = 0;
        double error = 0;
        double size = 0;
        for (int i = 0; i < parameters.length; i++) {
            final float held = parameters[i];
            final float step = 2e-3f;
            parameters[i] = held + step;
            final double above = network.train(batch);
            parameters[i] = held - step;
            final double below = network.train(batch);
            parameters[i] = held;
            final double expected = (above - below) / (2 * step);
            error += (expected - gradients[i]) * (expected - gradients[i]);
            size += expected * expected;
            largest = Math.max(largest, Math.abs(expected - gradients[i]));
        }

        // a rectifier within reach of its kink is off by a little; a wrong formula is off by the size of the gradient
        assertTrue(Math.sqrt(error / size) < 0.01, "relative error " + Math.sqrt(error / size));
        assertTrue(largest < 0.05, "largest error " + largest);
    }

    @Test
    void shouldLayOutTheQuickstartsParametersWithoutGapOrOverlap() {
        final Network network = Network.convolutional(new ImageSet("any", "nowhere", 1, 28, 10, null, null), 2);

        assertEquals(
                new Tensors(16 * 25, 16, 32 * 144, 32, 1568 * 64, 64, 64 * 10, 10).toString(),
                network.tensors().toString());
        assertEquals(network.tensors().total(), network.parameters().length);
    }

    @Test
    void shouldLoseLogOfClassesWhenItKnowsNothing() {
        final Network network = small();
        final Batch batch = new Batch(SIDE * SIDE, BATCH).fill(images(), SampleOrder.inOrder(BATCH), 0, BATCH);

        assertEquals(Math.log(3), network.train(batch), 1e-6);
    }

    @Test
    void shouldGiveTheSameBitsForASmallerBatchThanItWasMadeFor() {
        final Network made = small();
        final Network exact = network(2);
        made.initialise(3);
        exact.initialise(3);
        made.train(new Batch(SIDE * SIDE, BATCH).fill(images(), SampleOrder.inOrder(BATCH), 0, BATCH));

        made.train(new Batch(SIDE * SIDE, BATCH).fill(images(), SampleOrder.inOrder(BATCH), 0, 2));
        exact.train(new Batch(SIDE * SIDE, 2).fill(images(), SampleOrder.inOrder(BATCH), 0, 2));

        assertArrayEquals(exact.gradients(), made.gradients());
    }

    @Test
    void shouldDrawTheSameParametersFromTheSameSeedOnly() {
        final Network one = small();
        final Network same = small();
        final Network other = small();

        one.initialise(3);
        same.initialise(3);
        other.initialise(4);

        assertArrayEquals(one.parameters(), same.parameters());
        assertTrue(one.parameters()[0] != other.parameters()[0]);
    }

    private static Network small() {
        return network(BATCH);
    }

    private static Network network(final int batch) {
        final Layer first = new Convolution(1, SIDE, 3, 5, 0, batch);
        final Layer firstActive = new Relu(first.outputs, first.end(), batch);
        final Layer second = new Convolution(3, 4, 2, 3, firstActive.end(), batch);
        final Layer third = new Dense(second.outputs, 3, second.end(), batch);
        return new Network(List.of(first, firstActive, second, third), batch);
    }

    private static Images images() {
        final SplittableRandom random = new SplittableRandom(5);
        final byte[] pixels = new byte[BATCH * SIDE * SIDE];
        random.nextBytes(pixels);
        return new Images(pixels, new byte[] {0, 1, 2, 1, 0}, SIDE * SIDE, SCALE);
    }
}
