package io.signvote.examples;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Layers in a row, a softmax with cross-entropy loss at the end, and one flat array of parameters and one of gradients,
 * in the order of the layers. Belongs to one thread.
 */
final class Network {
    private final List<Layer> layers;
    private final float[] parameters;
    private final float[] gradients;
    private final float[] errors;
    private final int classes;

    Network(final List<Layer> layers, final int batch) {
        this.layers = List.copyOf(layers);
        final Layer last = layers.get(layers.size() - 1);
        parameters = new float[last.end()];
        gradients = new float[last.end()];
        classes = last.outputs;
        errors = new float[classes * batch];
    }

    /**
     * The network of the quickstart, for images of 28 by 28 in ten classes: two convolutions that each halve the side,
     * then two dense layers; 106,122 parameters.
     *
     * @param batch most images at a time.
     * @return a network with all parameters zero.
     */
    static Network forFashion(final int batch) {
        final Layer first = new Convolution(1, FashionMnist.SIDE, 16, 5, 0, batch);
        final Layer firstActive = new Relu(first.outputs, first.end(), batch);
        final Layer second =
                new Convolution(16, Convolution.outputSide(FashionMnist.SIDE), 32, 3, firstActive.end(), batch);
        final Layer secondActive = new Relu(second.outputs, second.end(), batch);
        final Layer third = new Dense(second.outputs, 64, secondActive.end(), batch);
        final Layer thirdActive = new Relu(third.outputs, third.end(), batch);
        final Layer fourth = new Dense(third.outputs, FashionMnist.CLASSES, thirdActive.end(), batch);
        return new Network(List.of(first, firstActive, second, secondActive, third, thirdActive, fourth), batch);
    }

    /** The parameters themselves, to be stepped in place. */
    float[] parameters() {
        return parameters;
    }

    /** The gradients of the last {@link #train}. */
    float[] gradients() {
        return gradients;
    }

    /** Draws the parameters that training starts from. */
    void initialise(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        Arrays.fill(parameters, 0);
        for (final Layer layer : layers) {
            layer.initialise(parameters, random);
        }
    }

    /**
     * Computes the gradients of the mean loss over a batch.
     *
     * @param batch images and labels.
     * @return the mean loss.
     */
    double train(final Batch batch) {
        final int count = batch.count();
        final float[] scores = forward(batch);
        final double loss = lossAndErrors(scores, batch);
        Arrays.fill(gradients, 0);
        float[] gradient = errors;
        for (int i = layers.size() - 1; i >= 0; i--) {
            gradient = layers.get(i).backward(parameters, gradients, gradient, count, i > 0);
        }
        return loss;
    }

    /**
     * Counts the images whose highest score is that of their label.
     *
     * @param batch images and labels.
     * @return right answers.
     */
    int countRight(final Batch batch) {
        final float[] scores = forward(batch);
        final int count = batch.count();
        int right = 0;
        for (int i = 0; i < count; i++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                best = scores[k * count + i] > scores[best * count + i] ? k : best;
            }
            right += best == batch.label(i) ? 1 : 0;
        }
        return right;
    }

    private float[] forward(final Batch batch) {
        float[] values = batch.pixels();
        for (final Layer layer : layers) {
            values = layer.forward(parameters, values, batch.count());
        }
        return values;
    }

    private double lossAndErrors(final float[] scores, final Batch batch) {
        final int count = batch.count();
        double loss = 0;
        for (int i = 0; i < count; i++) {
            double highest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                highest = Math.max(highest, scores[k * count + i]);
            }
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += StrictMath.exp(scores[k * count + i] - highest);
            }
            for (int k = 0; k < classes; k++) {
                final double probability = StrictMath.exp(scores[k * count + i] - highest) / sum;
                errors[k * count + i] = (float) ((probability - (k == batch.label(i) ? 1 : 0)) / count);
            }
            loss += StrictMath.log(sum) + highest - scores[batch.label(i) * count + i];
        }
        return loss / count;
    }
}
