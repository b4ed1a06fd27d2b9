package io.signvote.examples.net;

import io.signvote.examples.data.ImageSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Layers in a row, a softmax with cross-entropy loss at the end, and one flat array of parameters and one of gradients,
 * in the order of the layers. Belongs to one thread.
 */
public final class Network implements Classifier {
    private final List<Layer> layers;
    private final float[] parameters;
    private final float[] gradients;
    private final float[] errors;
    private final double[] powers;
    private final int classes;

    Network(final List<Layer> layers, final int batch) {
        this.layers = List.copyOf(layers);
        final Layer last = layers.get(layers.size() - 1);
        parameters = new float[last.end()];
        gradients = new float[last.end()];
        classes = last.outputs;
        errors = new float[classes * batch];
        powers = new double[classes];
    }

    /**
     * The network of the quickstart, in the manner of LeNet: two convolutions that each halve the side, then two dense layers;
     * 106,122 parameters for images of 28 by 28 in grey and ten classes.
     *
     * @param images whose size and classes count.
     * @param batch  most images at a time.
     * @return a network with all parameters zero.
     */
    public static Network convolutional(final ImageSet images, final int batch) {
        final List<Layer> layers = new ArrayList<>();
        final int half = Convolution.outputSide(images.side());
        layers.add(new Convolution(images.channels(), images.side(), 16, 5, 0, batch));
        addRelu(layers, batch);
        layers.add(new Convolution(16, half, 32, 3, end(layers), batch));
        addRelu(layers, batch);
        addDense(layers, 64, batch);
        addRelu(layers, batch);
        addDense(layers, images.classes(), batch);
        return new Network(layers, batch);
    }

    /**
     * A multilayer perceptron: dense layers with rectifiers between.
     *
     * @param images whose size and classes count.
     * @param hidden units of the layer between pixels and classes.
     * @param batch  most images at a time.
     * @return a network with all parameters zero.
     */
    public static Network perceptron(final ImageSet images, final int hidden, final int batch) {
        final List<Layer> layers = new ArrayList<>();
        layers.add(new Dense(images.channels() * images.side() * images.side(), hidden, 0, batch));
        addRelu(layers, batch);
        addDense(layers, images.classes(), batch);
        return new Network(layers, batch);
    }

    /**
     * A language model of characters: a vector for each symbol, two quasi-recurrent layers, a score for each next symbol.
     *
     * @param symbols  of the text.
     * @param embedded length of a symbol's vector.
     * @param hidden   units of each recurrent layer.
     * @param length   characters of a piece of text.
     * @param pieces   most pieces at a time.
     * @return a network with all parameters zero.
     */
    public static Network characters(
            final int symbols, final int embedded, final int hidden, final int length, final int pieces) {
        final int batch = pieces * length;
        final List<Layer> layers = new ArrayList<>();
        layers.add(new Embedding(symbols, embedded, 0, batch));
        layers.add(new Qrnn(embedded, hidden, length, end(layers), batch));
        layers.add(new Qrnn(hidden, hidden, length, end(layers), batch));
        addDense(layers, symbols, batch);
        return new Network(layers, batch);
    }

    @Override
    public float[] parameters() {
        return parameters;
    }

    @Override
    public float[] gradients() {
        return gradients;
    }

    /** {@return where weights and biases of each layer lie} */
    @Override
    public Tensors tensors() {
        return new Tensors(layers.stream()
                .flatMapToInt(layer -> IntStream.of(layer.tensorLengths()))
                .toArray());
    }

    @Override
    public void initialise(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        Arrays.fill(parameters, 0);
        for (final Layer layer : layers) {
            layer.initialise(parameters, random);
        }
    }

    @Override
    public double train(final Batch batch) {
        final int count = batch.count();
        final double loss = score(batch).loss() / count;
        Arrays.fill(gradients, 0);
        float[] gradient = errors;
        for (int i = layers.size() - 1; i >= 0; i--) {
            gradient = layers.get(i).backward(parameters, gradients, gradient, count, i > 0);
        }
        return loss;
    }

    @Override
    public Score score(final Batch batch) {
        float[] scores = batch.values();
        for (final Layer layer : layers) {
            scores = layer.forward(parameters, scores, batch.count());
        }
        return scoreAndErrors(scores, batch);
    }

    private Score scoreAndErrors(final float[] scores, final Batch batch) {
        final int count = batch.count();
        double loss = 0;
        int right = 0;
        for (int i = 0; i < count; i++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                best = scores[k * count + i] > scores[best * count + i] ? k : best;
            }
            final double highest = scores[best * count + i];
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                powers[k] = StrictMath.exp(scores[k * count + i] - highest);
                sum += powers[k];
            }
            for (int k = 0; k < classes; k++) {
                errors[k * count + i] = (float) ((powers[k] / sum - (k == batch.label(i) ? 1 : 0)) / count);
            }
            right += best == batch.label(i) ? 1 : 0;
            loss += StrictMath.log(sum) + highest - scores[batch.label(i) * count + i];
        }
        return new Score(loss, right, count);
    }

    private static void addRelu(final List<Layer> layers, final int batch) {
        layers.add(new Relu(layers.get(layers.size() - 1).outputs, end(layers), batch));
    }

    private static void addDense(final List<Layer> layers, final int outputs, final int batch) {
        layers.add(new Dense(layers.get(layers.size() - 1).outputs, outputs, end(layers), batch));
    }

    private static int end(final List<Layer> layers) {
        return layers.get(layers.size() - 1).end();
    }
}
