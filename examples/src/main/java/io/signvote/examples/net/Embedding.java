package io.signvote.examples.net;

import java.util.SplittableRandom;

/** Turns the number of a symbol into a vector of its own. Parameters: vectors[symbols][outputs]. */
final class Embedding extends Layer {
    private static final double DEVIATION = 0.1;

    private final int symbols;
    private final float[] output;
    private float[] input;

    Embedding(final int symbols, final int outputs, final int offset, final int batch) {
        super(1, outputs, offset, symbols * outputs);
        this.symbols = symbols;
        output = new float[outputs * batch];
    }

    @Override
    int[] tensorLengths() {
        return new int[] {symbols * outputs};
    }

    @Override
    void initialise(final float[] parameters, final SplittableRandom random) {
        for (int i = offset; i < end(); i++) {
            parameters[i] = (float) (DEVIATION * random.nextGaussian());
        }
    }

    @Override
    float[] forward(final float[] parameters, final float[] values, final int batch) {
        input = values;
        for (int column = 0; column < batch; column++) {
            final int row = offset + (int) values[column] * outputs;
            for (int i = 0; i < outputs; i++) {
                output[i * batch + column] = parameters[row + i];
            }
        }
        return output;
    }

    @Override
    float[] backward(
            final float[] parameters,
            final float[] gradients,
            final float[] outputGradient,
            final int batch,
            final boolean wanted) {
        for (int column = 0; column < batch; column++) {
            final int row = offset + (int) input[column] * outputs;
            for (int i = 0; i < outputs; i++) {
                gradients[row + i] += outputGradient[i * batch + column];
            }
        }
        return null;
    }
}
