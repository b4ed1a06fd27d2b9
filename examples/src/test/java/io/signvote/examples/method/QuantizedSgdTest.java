package io.signvote.examples.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.LocalRanks;
import io.signvote.examples.net.Tensors;
import io.signvote.examples.qsgd.Norm;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantizedSgdTest {
    @Test
    void shouldStepByTheMeanOfValuesThatNeedNoRounding() throws Exception {
        // max norm 4, two levels: 4, 2 and 0 are levels themselves; the second tensor has a norm of its own
        final float[][] gradients = {{4, -2, 0, 0.5f}, {-4, -4, 2, -1}};

        final List<float[]> results = LocalRanks.run(2, 1, communicator -> {
            final float[] parameters = new float[4];
            try (QuantizedSgd qsgd =
                    new QuantizedSgd(communicator, new Tensors(3, 1), 2, Norm.MAX, 0, communicator.rank())) {
                qsgd.step(gradients[communicator.rank()], parameters, 1);
            }
            return parameters;
        });

        assertArrayEquals(new float[] {0, 3, -1, 0.25f}, results.get(0));
        assertArrayEquals(results.get(0), results.get(1));
    }

    @Test
    void shouldSendToEachOtherRankWhatItsMessagesHold() throws Exception {
        final int count = 20_000;
        final int steps = 3;
        final List<long[]> results = LocalRanks.run(3, 1, communicator -> {
            final SplittableRandom random = new SplittableRandom(communicator.rank());
            final float[] gradients = new float[count];
            final float[] parameters = new float[count];
            try (QuantizedSgd qsgd =
                    new QuantizedSgd(communicator, new Tensors(count), 4, Norm.MAX, 0.9f, communicator.rank())) {
                for (int step = 0; step < steps; step++) {
                    for (int i = 0; i < count; i++) {
                        gradients[i] = (float) random.nextGaussian();
                    }
                    qsgd.step(gradients, parameters, 0.1f);
                }
                return new long[] {qsgd.messageBits(), communicator.bytesSent()};
            }
        });

        for (final long[] rank : results) {
            final double bitsPerElement = (double) rank[0] / count / steps;
            assertTrue(bitsPerElement > 1.5 && bitsPerElement < 5, "bits per element " + bitsPerElement);
            final double payload = 2 * rank[0] / 8.0;
            assertTrue(rank[1] > payload && rank[1] < 1.1 * payload, rank[1] + " bytes sent, payload " + payload);
        }
        assertEquals(3, results.size());
    }
}
