package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.data.FashionMnist;
import io.signvote.examples.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the network learns, with what four ranks would send computed in one thread. */
class LearningTest {
    private static ImageSet images;

    @BeforeAll
    static void readImages() throws IOException {
        images = FashionMnist.read(Path.of(System.getProperty("signvote.root"), "examples", "data"), null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellClothesApartAfterTwoEpochs(final boolean voted) {
        final SimulatedRanks ranks = new SimulatedRanks(images, 4, 16, voted, 1);

        ranks.run(2, voted ? 2e-3f : 0.02f);

        final double accuracy = ranks.accuracy(images.test());
        assertTrue(accuracy > 0.75, (voted ? "voted: " : "averaged: ") + accuracy);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveTheSameParametersFromTheSameSeed(final boolean voted) {
        final ImageSet few = images.shard(0, 20);
        final SimulatedRanks one = new SimulatedRanks(few, 4, 16, voted, 1);
        final SimulatedRanks same = new SimulatedRanks(few, 4, 16, voted, 1);

        one.run(1, 1e-3f);
        same.run(1, 1e-3f);

        assertArrayEquals(one.parameters(), same.parameters());
    }

    @Test
    void shouldTakeTheRateDownToNearZero() {
        assertEquals(0.5f, RateSchedule.COSINE.rate(0.5f, 0, 100));
        assertEquals(0.25f, RateSchedule.COSINE.rate(0.5f, 50, 100), 1e-6f);
        assertEquals(0, RateSchedule.COSINE.rate(0.5f, 99, 100), 2e-4f);
        for (int round = 1; round < 100; round++) {
            assertTrue(RateSchedule.COSINE.rate(0.5f, round, 100) < RateSchedule.COSINE.rate(0.5f, round - 1, 100));
        }
    }
}
