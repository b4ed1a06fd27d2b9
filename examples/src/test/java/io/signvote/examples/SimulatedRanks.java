package io.signvote.examples;

import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.SampleOrder;
import io.signvote.examples.net.Batch;
import io.signvote.examples.net.Network;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a vote and an averaging of several ranks come to, computed in one thread from the ranks' gradients: the yardstick
 * for training that needs no communicator.
 */
final class SimulatedRanks {
    private final Network network;
    private final Images[] shards;
    private final SampleOrder[] orders;
    private final Batch batch;
    private final int batchSize;
    private final boolean voted;
    private final float[][] momenta;
    private final float[] sum;
    private final SplittableRandom lots;

    SimulatedRanks(
            final ImageSet images, final int worldSize, final int batchSize, final boolean voted, final long seed) {
        this.batchSize = batchSize;
        this.voted = voted;
        final Images train = images.train();
        network = Network.convolutional(images, batchSize);
        network.initialise(seed);
        batch = new Batch(train.pixelCount(), batchSize);
        shards = new Images[worldSize];
        orders = new SampleOrder[worldSize];
        momenta = new float[voted ? worldSize : 1][network.parameters().length];
        sum = new float[network.parameters().length];
        lots = new SplittableRandom(seed + 1);
        for (int rank = 0; rank < worldSize; rank++) {
            shards[rank] = train.shard(rank, worldSize);
            orders[rank] = new SampleOrder(shards[rank].count(), seed, rank);
        }
    }

    void run(final int epochs, final float peakRate) {
        final int perEpoch =
                SampleOrder.roundsPerEpoch(shards.length * shards[shards.length - 1].count(), shards.length, batchSize);
        for (int round = 0; round < epochs * perEpoch; round++) {
            final int inEpoch = round % perEpoch;
            if (inEpoch == 0) {
                for (final SampleOrder order : orders) {
                    order.shuffle(round / perEpoch);
                }
            }
            Arrays.fill(sum, 0);
            for (int rank = 0; rank < shards.length; rank++) {
                network.train(batch.fill(
                        shards[rank], orders[rank].indices(), inEpoch * batchSize, (inEpoch + 1) * batchSize));
                add(rank);
            }
            step(RateSchedule.COSINE.rate(peakRate, round, epochs * perEpoch));
        }
    }

    float[] parameters() {
        return network.parameters();
    }

    double accuracy(final Images test) {
        final int[] order = SampleOrder.inOrder(test.count());
        int right = 0;
        for (int from = 0; from < test.count(); from += batchSize) {
            right += network.score(batch.fill(test, order, from, Math.min(test.count(), from + batchSize)))
                    .right();
        }
        return (double) right / test.count();
    }

    private void add(final int rank) {
        final float[] gradients = network.gradients();
        if (voted) {
            final float[] momentum = momenta[rank];
            for (int i = 0; i < sum.length; i++) {
                final float next = 0.9f * momentum[i] + 0.1f * gradients[i];
                momentum[i] = Math.abs(next) < Float.MIN_NORMAL ? 0 : next;
                sum[i] += momentum[i] == 0 ? lot() : Math.signum(momentum[i]);
            }
        } else {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += gradients[i];
            }
        }
    }

    private void step(final float rate) {
        final float[] parameters = network.parameters();
        final float[] momentum = momenta[0];
        for (int i = 0; i < sum.length; i++) {
            if (voted) {
                parameters[i] -= rate * (sum[i] == 0 ? lot() : Math.signum(sum[i]));
            } else {
                momentum[i] = 0.9f * momentum[i] + sum[i] / shards.length;
                parameters[i] -= rate * momentum[i];
            }
        }
    }

    private float lot() {
        return lots.nextBoolean() ? 1 : -1;
    }
}
