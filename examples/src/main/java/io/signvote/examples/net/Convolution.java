package io.signvote.examples.net;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Square filters moved over square images in steps of two, which halves the side; the border counts as zeros.
 *
 * <p>Features are channel by channel, row by row. What each position of a filter sees is first copied into a matrix,
 * patches[channels * kernel * kernel][positions * batch]; the convolution is then one matrix product. Parameters:
 * weights[filters][channels * kernel * kernel], biases[filters].
 */
final class Convolution extends Layer {
    private static final int STRIDE = 2;

    private final Matrix matrix = new Matrix();
    private final int channels;
    private final int filters;
    private final int side;
    private final int outputSide;
    private final int kernel;
    private final int taps;
    private final float[] patches;
    private final float[] patchGradients;
    private final float[] output;
    private final float[] inputGradient;
    private final float[] transposed;

    Convolution(
            final int channels,
            final int side,
            final int filters,
            final int kernel,
            final int offset,
            final int batch) {
        super(
                channels * side * side,
                filters * outputSide(side) * outputSide(side),
                offset,
                filters * channels * kernel * kernel + filters);
        this.channels = channels;
        this.filters = filters;
        this.side = side;
        this.outputSide = outputSide(side);
        this.kernel = kernel;
        this.taps = channels * kernel * kernel;
        final int positions = outputSide * outputSide;
        patches = new float[taps * positions * batch];
        patchGradients = new float[taps * positions * batch];
        output = new float[filters * positions * batch];
        inputGradient = new float[inputs * batch];
        transposed = new float[filters * taps];
    }

    static int outputSide(final int side) {
        return (side + STRIDE - 1) / STRIDE;
    }

    @Override
    int[] tensorLengths() {
        return new int[] {filters * taps, filters};
    }

    @Override
    void initialise(final float[] parameters, final SplittableRandom random) {
        initialiseNormal(parameters, offset, filters * taps, taps, random);
    }

    @Override
    float[] forward(final float[] parameters, final float[] input, final int batch) {
        final int width = outputSide * outputSide * batch;
        gather(input, batch);
        Rows.fillWithBiases(output, parameters, offset + filters * taps, filters, width);
        matrix.addProduct(parameters, offset, patches, output, filters, taps, width);
        return output;
    }

    @Override
    float[] backward(
            final float[] parameters,
            final float[] gradients,
            final float[] outputGradient,
            final int batch,
            final boolean wanted) {
        final int width = outputSide * outputSide * batch;
        matrix.addProductTransposed(outputGradient, patches, gradients, offset, filters, taps, width);
        Rows.addSums(outputGradient, gradients, offset + filters * taps, filters, width);
        if (!wanted) {
            return null;
        }
        Matrix.transpose(parameters, offset, transposed, filters, taps);
        Arrays.fill(patchGradients, 0, taps * width, 0);
        matrix.addProduct(transposed, 0, outputGradient, patchGradients, taps, filters, width);
        scatter(batch);
        return inputGradient;
    }

    private void gather(final float[] input, final int batch) {
        for (int tap = 0; tap < taps; tap++) {
            for (int position = 0; position < outputSide * outputSide; position++) {
                final int target = (tap * outputSide * outputSide + position) * batch;
                final int seen = seen(tap, position);
                if (seen >= 0) {
                    System.arraycopy(input, seen * batch, patches, target, batch);
                } else {
                    Arrays.fill(patches, target, target + batch, 0);
                }
            }
        }
    }

    private void scatter(final int batch) {
        Arrays.fill(inputGradient, 0, inputs * batch, 0);
        for (int tap = 0; tap < taps; tap++) {
            for (int position = 0; position < outputSide * outputSide; position++) {
                final int source = (tap * outputSide * outputSide + position) * batch;
                final int seen = seen(tap, position);
                if (seen >= 0) {
                    for (int i = 0; i < batch; i++) {
                        inputGradient[seen * batch + i] += patchGradients[source + i];
                    }
                }
            }
        }
    }

    /** The input feature that a tap of the filter sees from a position; -1 beyond the border. */
    private int seen(final int tap, final int position) {
        final int channel = tap / (kernel * kernel);
        final int y = position / outputSide * STRIDE + tap / kernel % kernel - kernel / 2;
        final int x = position % outputSide * STRIDE + tap % kernel - kernel / 2;
        return y < 0 || y >= side || x < 0 || x >= side ? -1 : (channel * side + y) * side + x;
    }
}
