package io.signvote.examples.net;

/** Lets positive values through and turns the others into zero. */
final class Relu extends Layer {
    private final float[] output;
    private final float[] inputGradient;

    Relu(final int inputs, final int offset, final int batch) {
        super(inputs, inputs, offset, 0);
        output = new float[inputs * batch];
        inputGradient = new float[inputs * batch];
    }

    @Override
    int[] tensorLengths() {
        return new int[0];
    }

    @Override
    float[] forward(final float[] parameters, final float[] input, final int batch) {
        for (int i = 0; i < inputs * batch; i++) {
            output[i] = Math.max(input[i], 0);
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
        for (int i = 0; i < inputs * batch; i++) {
            inputGradient[i] = output[i] > 0 ? outputGradient[i] : 0;
        }
        return inputGradient;
    }
}
