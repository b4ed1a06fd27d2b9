package io.signvote.examples.task;

import io.signvote.examples.data.SampleOrder;

/** Goes through a rank's samples batch by batch, in another order on each pass. */
final class Passes {
    private final SampleOrder order;
    private final int batch;
    private final int perPass;

    /**
     * Passes over so many samples.
     *
     * @param count of this rank, at least the batch.
     * @param least count of the rank that has fewest: all turn over at the same step.
     */
    Passes(final int count, final int least, final int batch, final long seed, final int rank) {
        perPass = least / batch;
        if (perPass == 0) {
            throw new IllegalArgumentException(
                    "batch=" + batch + " > " + least + " samples a rank, lower it or give more data");
        }
        this.order = new SampleOrder(count, seed, rank);
        this.batch = batch;
    }

    /** Index after the last of a step's samples in {@link #indices}; shuffles where a pass begins. */
    int end(final int step) {
        if (step % perPass == 0) {
            order.shuffle(step / perPass);
        }
        return (step % perPass + 1) * batch;
    }

    int[] indices() {
        return order.indices();
    }
}
