package io.signvote.examples.net;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Every output is a weighted sum of every input, plus a bias. Parameters: weights[outputs][inputs], biases[outputs]. */
final class Dense extends Layer {
    private final Matrix matrix = new Matrix();
    private final float[] output;
    private final float[] inputGradient;
    private final float[] transposed;
    private float[] input;

    Dense(final int inputs, final int outputs, final int offset, final int batch) {
        super(inputs, outputs, offset, inputs * outputs + outputs);
        output = new float[outputs * batch];
        inputGradient = new float[inputs * batch];
        transposed = new float[inputs * outputs];
    }

    @Override
    int[] tensorLengths() {
        return new int[] {inputs * outputs, outputs};
    }

    @Override
    void initialise(final float[] parameters, final SplittableRandom random) {
        initialiseNormal(parameters, offset, inputs * outputs, inputs, random);
    }

    @Override
    float[] forward(final float[] parameters, final float[] values, final int batch) {
        input = values;
        Rows.fillWithBiases(output, parameters, offset + inputs * outputs, outputs, batch);
        matrix.addProduct(parameters, offset, values, output, outputs, inputs, batch);
        return output;
    }

    @Override
    float[] backward(
            final float[] parameters,
            final float[] gradients,
            final float[] outputGradient,
            final int batch,
            final boolean wanted) {
        matrix.addProductTransposed(outputGradient, input, gradients, offset, outputs, inputs, batch);
        Rows.addSums(outputGradient, gradients, offset + inputs * outputs, outputs, batch);
        if (!wanted) {
            return null;
        }
        Matrix.transpose(parameters, offset, transposed, outputs, inputs);
        Arrays.fill(inputGradient, 0, inputs * batch, 0);
        matrix.addProduct(transposed, 0, outputGradient, inputGradient, inputs, outputs, batch);
        return inputGradient;
    }
}
