package io.signvote.examples.paper.run;

import io.signvote.examples.paper.run.GradientSurvey.Ratios;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.paper.stats.Moments;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.Quadratic;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The gradients of all mini-batches at the same parameters; of a few weights each value, of all the moments. */
final class NoisePass {
    private final int size;
    private final int epoch;
    private final int[] weights;
    private final double[][] values;
    private final Moments moments;
    private double loss;

    /**
     * Goes through the data once.
     *
     * @param problem    whose gradients.
     * @param parameters to stand still at.
     * @param size       of a mini-batch.
     * @param epoch      at the start of which.
     * @param weights    whose values are kept.
     * @param hasMoments whether the moments of all weights are wanted.
     * @param seed       of the order.
     */
    NoisePass(
            final Problem problem,
            final float[] parameters,
            final int size,
            final int epoch,
            final int[] weights,
            final boolean hasMoments,
            final long seed) {
        this.size = size;
        this.epoch = epoch;
        this.weights = weights;
        moments = new Moments(hasMoments ? parameters.length : 0);
        values = new double[weights.length][(int) (problem.trainCount() / size)];
        try (Learner learner = problem.learner(0, 1, size, seed)) {
            System.arraycopy(parameters, 0, learner.parameters(), 0, parameters.length);
            for (int i = 0; i < batches(); i++) {
                loss += learner.learn(i) / batches();
                moments.add(learner.gradients());
                for (int w = 0; w < weights.length; w++) {
                    values[w][i] = learner.gradients()[weights[w]];
                }
            }
        }
    }

    int size() {
        return size;
    }

    int candidates() {
        return weights.length;
    }

    int batches() {
        return values[0].length;
    }

    Ratios ratios() {
        final int[] changing = IntStream.range(0, moments.components())
                .filter(i -> moments.deviation(i) > 0)
                .toArray();
        final double[] noisy = IntStream.of(changing)
                .filter(i -> moments.nonzeros(i) >= GradientSurvey.NEARLY_SILENT * batches())
                .mapToDouble(moments::ratio)
                .sorted()
                .toArray();
        if (noisy.length == 0) {
            throw new IllegalStateException(
                    "no weight has any noise over " + batches() + " mini-batches of " + size + ", give more data");
        }
        return new Ratios(
                epoch,
                batches(),
                loss,
                Arrays.stream(noisy).average().orElseThrow(),
                noisy[noisy.length / 2],
                noisy[noisy.length - 1],
                (int) Arrays.stream(noisy)
                        .filter(ratio -> ratio > Quadratic.CRITICAL_RATIO)
                        .count(),
                noisy.length,
                changing.length - noisy.length,
                moments.components() - changing.length);
    }

    boolean isLively(final int candidate) {
        return sample(candidate).zeros() <= 1 - GradientSurvey.LIVELY;
    }

    Sample sample(final int candidate) {
        return new Sample(size, epoch, weights[candidate], values[candidate]);
    }
}
