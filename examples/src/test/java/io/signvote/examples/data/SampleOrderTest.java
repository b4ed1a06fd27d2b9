package io.signvote.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SampleOrderTest {
    private static final PixelScale SCALE = new PixelScale(new float[] {0}, new float[] {1});

    @Test
    void shouldHoldEveryIndexOnceInEveryEpoch() {
        final SampleOrder order = new SampleOrder(100, 7, 2);

        for (int epoch = 0; epoch < 3; epoch++) {
            order.shuffle(epoch);
            final int[] sorted = order.indices().clone();
            Arrays.sort(sorted);

            assertArrayEquals(SampleOrder.inOrder(100), sorted);
        }
    }

    @Test
    void shouldDependOnSeedRankAndEpochAlone() {
        final int[] expected = order(7, 2, 1);

        assertArrayEquals(expected, order(7, 2, 1));
        assertFalse(Arrays.equals(expected, order(8, 2, 1)));
        assertFalse(Arrays.equals(expected, order(7, 1, 1)));
        assertFalse(Arrays.equals(expected, order(7, 2, 0)));
    }

    @Test
    void shouldGiveEveryRankAsManyRoundsAsTheSmallestShardHas() {
        assertEquals(2, SampleOrder.roundsPerEpoch(4 * 20 + 3, 4, 10));
        assertEquals(1, SampleOrder.roundsPerEpoch(4 * 20 - 1, 4, 10));
        assertEquals(0, SampleOrder.roundsPerEpoch(39, 4, 10));
    }

    @Test
    void shouldShareOutAllImagesAmongTheRanks() {
        final byte[] pixels = new byte[22];
        final byte[] labels = new byte[11];
        for (int i = 0; i < 11; i++) {
            labels[i] = (byte) i;
            pixels[2 * i + 1] = (byte) (100 + i);
        }
        final boolean[] seen = new boolean[11];

        for (int rank = 0; rank < 4; rank++) {
            final Images shard = new Images(pixels, labels, 2, SCALE).shard(rank, 4);
            assertEquals(rank < 3 ? 3 : 2, shard.count());
            for (int i = 0; i < shard.count(); i++) {
                assertFalse(seen[shard.label(i)]);
                seen[shard.label(i)] = true;
                assertEquals(100 + shard.label(i), shard.pixel(i, 1));
            }
        }

        for (final boolean each : seen) {
            assertTrue(each);
        }
    }

    private static int[] order(final long seed, final int rank, final int epoch) {
        final SampleOrder order = new SampleOrder(50, seed, rank);
        order.shuffle(0);
        order.shuffle(epoch);
        return order.indices();
    }
}
