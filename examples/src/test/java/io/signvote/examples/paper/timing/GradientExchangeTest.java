package io.signvote.examples.paper.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.LocalRanks;
import io.signvote.examples.paper.timing.GradientExchange.Kind;
import java.util.ArrayList;
import java.util.List;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientExchangeTest {
    private static final int COUNT = 1001;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldKeepTheParametersOfAllRanksTheSame(final Kind kind) throws Exception {
        final List<List<Long>> checksums = LocalRanks.run(3, 7, communicator -> {
            try (GradientExchange exchange = GradientExchange.open(kind, communicator, COUNT)) {
                final List<Long> seen = new ArrayList<>(List.of(exchange.checksum()));
                exchange.step();
                seen.add(exchange.checksum());
                exchange.step();
                seen.add(exchange.checksum());
                assertEquals(kind == Kind.MEAN, exchange.updateNs() > 0);
                return seen;
            }
        });

        assertEquals(checksums.get(0), checksums.get(1));
        assertEquals(checksums.get(0), checksums.get(2));
        assertNotEquals(checksums.get(0).get(0), checksums.get(0).get(1));
        assertNotEquals(checksums.get(0).get(1), checksums.get(0).get(2));
    }

    @Test
    void shouldStepByTheMeanOfAllGradients() throws Exception {
        final List<float[][]> ranks = LocalRanks.run(2, 7, communicator -> {
            try (GradientExchange exchange = GradientExchange.open(Kind.MEAN, communicator, COUNT)) {
                exchange.step();
                return new float[][] {floats(exchange.gradients()), floats(exchange.parameters())};
            }
        });

        for (int i = 0; i < COUNT; i++) {
            final float mean = 0.5f * (ranks.get(0)[0][i] + ranks.get(1)[0][i]);
            assertEquals(-1e-4f * mean, ranks.get(0)[1][i], 1e-10f);
        }
        assertNotEquals(ranks.get(0)[0][0], ranks.get(1)[0][0], "gradients differ between ranks");
    }

    @Test
    void shouldStepByTheMajorityOfAllGradients() throws Exception {
        final List<float[][]> ranks = LocalRanks.run(3, 7, communicator -> {
            try (GradientExchange exchange = GradientExchange.open(Kind.VOTE, communicator, COUNT)) {
                exchange.step();
                return new float[][] {floats(exchange.gradients()), floats(exchange.parameters())};
            }
        });

        int negative = 0;
        for (int i = 0; i < COUNT; i++) {
            final int index = i;
            final double signs = ranks.stream()
                    .mapToDouble(rank -> Math.signum(rank[0][index]))
                    .sum();
            assertEquals(signs > 0 ? -1e-4f : 1e-4f, ranks.get(0)[1][i]);
            negative += signs > 0 ? 0 : 1;
        }
        assertTrue(negative > COUNT / 3 && negative < 2 * COUNT / 3, "both signs occur: " + negative);
    }

    private static float[] floats(final long address) {
        final float[] floats = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            floats[i] = UnsafeApi.getFloat(address + 4L * i);
        }
        return floats;
    }
}
