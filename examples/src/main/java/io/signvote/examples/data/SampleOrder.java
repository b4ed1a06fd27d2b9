package io.signvote.examples.data;

import java.util.SplittableRandom;

/** The order in which a rank goes through its shard: another one each epoch, drawn from seed, rank and epoch alone. */
public final class SampleOrder {
    private static final long PER_EPOCH = 0x9E3779B97F4A7C15L;
    private static final long PER_RANK = 0xD1B54A32D192ED03L;

    private final int[] indices;
    private final long seed;

    /**
     * An order of so many samples.
     *
     * @param count samples of the rank's shard.
     * @param seed  of the run.
     * @param rank  whose shard it is.
     */
    public SampleOrder(final int count, final long seed, final int rank) {
        this.indices = inOrder(count);
        this.seed = seed + (rank + 1) * PER_RANK;
    }

    /**
     * All indices, ascending.
     *
     * @param count how many.
     * @return 0 to count - 1.
     */
    public static int[] inOrder(final int count) {
        final int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = i;
        }
        return indices;
    }

    /**
     * Rounds of an epoch: as many full batches as the smallest shard has, the same on every rank.
     *
     * @param images    of all ranks.
     * @param worldSize ranks.
     * @param batchSize images a rank takes per round.
     * @return 0 where there are too few images.
     */
    public static int roundsPerEpoch(final int images, final int worldSize, final int batchSize) {
        return images / worldSize / batchSize;
    }

    /**
     * Shuffles for an epoch. What came before does not matter, so that two runs of one program see the same order.
     *
     * @param epoch 0 and up.
     */
    public void shuffle(final int epoch) {
        final SplittableRandom random = new SplittableRandom(seed + (epoch + 1) * PER_EPOCH);
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i;
        }
        for (int i = indices.length - 1; i > 0; i--) {
            final int j = random.nextInt(i + 1);
            final int held = indices[i];
            indices[i] = indices[j];
            indices[j] = held;
        }
    }

    /** {@return the indices themselves, in the present order} */
    public int[] indices() {
        return indices;
    }
}
