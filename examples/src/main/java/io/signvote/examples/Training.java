package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.SampleOrder;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.net.Batch;
import io.signvote.examples.net.Network;
import io.signvote.op.ReduceOp;
import java.util.function.Supplier;

/**
 * Trains one network after the other, each from the same parameters, on the same batches in the same order, so that only
 * the {@link Optimiser} differs. Every rank runs the same calls.
 */
final class Training {
    private final Communicator communicator;
    private final Images train;
    private final Images test;
    private final Network network;
    private final Batch batch;
    private final SampleOrder order;
    private final Progress progress;
    private final int testCount;
    private final int batchSize;
    private final int epochs;
    private final int roundsPerEpoch;
    private final long seed;

    Training(
            final Communicator communicator,
            final ImageSet images,
            final int batchSize,
            final int epochs,
            final long seed,
            final Progress progress) {
        final int rank = communicator.rank();
        final int worldSize = communicator.size();
        this.communicator = communicator;
        this.train = images.train().shard(rank, worldSize);
        this.test = images.test().shard(rank, worldSize);
        this.testCount = images.test().count();
        this.batchSize = batchSize;
        this.epochs = epochs;
        this.seed = seed;
        this.progress = progress;
        this.network = Network.convolutional(images, batchSize);
        this.batch = new Batch(images.train().pixelCount(), batchSize);
        this.order = new SampleOrder(train.count(), seed, rank);
        this.roundsPerEpoch = SampleOrder.roundsPerEpoch(images.train().count(), worldSize, batchSize);
    }

    int parameterCount() {
        return network.parameters().length;
    }

    int rounds() {
        return epochs * roundsPerEpoch;
    }

    /** The parameters after the last run, themselves. */
    float[] parameters() {
        return network.parameters();
    }

    /**
     * Trains from the start.
     *
     * @param name     of the method, for tables and charts.
     * @param peakRate of the first round.
     * @param maker    of the optimiser, which is closed at the end.
     * @return what it came to, the same on every rank but for times.
     */
    Curve run(final String name, final float peakRate, final Supplier<Optimiser> maker) {
        if (communicator.rank() == 0) {
            network.initialise(seed);
        }
        communicator.broadcast(network.parameters(), 0);
        try (Optimiser optimiser = maker.get()) {
            return run(name, peakRate, optimiser);
        }
    }

    private Curve run(final String name, final float peakRate, final Optimiser optimiser) {
        final Curve curve = new Curve(name);
        curve.add(accuracy(), 0);
        progress.begin(name, rounds());
        long trainingNs = 0;
        long stepNs = 0;
        long bytes = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            order.shuffle(epoch);
            final long epochBegan = System.nanoTime();
            for (int i = 0; i < roundsPerEpoch; i++) {
                network.train(batch.fill(train, order.indices(), i * batchSize, (i + 1) * batchSize));
                final float rate = RateSchedule.COSINE.rate(peakRate, epoch * roundsPerEpoch + i, rounds());

                final long sentBefore = communicator.bytesSent();
                final long stepBegan = System.nanoTime();
                optimiser.step(network.gradients(), network.parameters(), rate);
                stepNs += System.nanoTime() - stepBegan;
                bytes += communicator.bytesSent() - sentBefore;
                progress.advance();
            }
            trainingNs += System.nanoTime() - epochBegan;
            curve.add(accuracy(), trainingNs / 1e9);
            progress.epoch(epoch + 1, epochs, curve.finalAccuracy());
        }
        progress.end();
        curve.finish(stepNs / 1e9, bytesByRank(bytes));
        return curve;
    }

    /** Share of all test images that are told right; each rank looks at its shard. */
    private double accuracy() {
        final int[] all = SampleOrder.inOrder(test.count());
        int right = 0;
        for (int from = 0; from < all.length; from += batchSize) {
            right += network.score(batch.fill(test, all, from, Math.min(all.length, from + batchSize)))
                    .right();
        }
        final float[] sum = {right};
        communicator.allReduce(sum, sum, ReduceOp.SUM);
        return sum[0] / testCount;
    }

    /** Everyone's count, in two floats each: one alone is exact to 2^24 only. */
    private double[] bytesByRank(final long bytes) {
        final int worldSize = communicator.size();
        final float[] parts = new float[2 * worldSize];
        parts[2 * communicator.rank()] = bytes >>> 20;
        parts[2 * communicator.rank() + 1] = bytes & (1 << 20) - 1;
        communicator.allReduce(parts, parts, ReduceOp.SUM);
        final double[] byRank = new double[worldSize];
        for (int rank = 0; rank < worldSize; rank++) {
            byRank[rank] = parts[2 * rank] * (double) (1 << 20) + parts[2 * rank + 1];
        }
        return byRank;
    }
}
