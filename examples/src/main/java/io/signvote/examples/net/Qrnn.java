package io.signvote.examples.net;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A quasi-recurrent layer: gates that see two steps of time, all computed at once by a matrix product, then a running mean
 * by which the past is kept. Column t * pieces + i holds step t of piece i; every piece begins with nothing behind it.
 *
 * <pre>
 * z = tanh(Wz [x(t-1), x(t)] + bz)      c(t) = f c(t-1) + (1 - f) z
 * f, o = logistic(W [x(t-1), x(t)] + b)  h(t) = o c(t)
 * </pre>
 *
 * <p>Parameters: weights[3 outputs][2 inputs] of z, f and o, then biases[3 outputs], those of f beginning at 1, so that it
 * remembers.
 *
 * @see <a href="https://arxiv.org/abs/1611.01576">Bradbury et al. 2017, fo-pooling with a window of two</a>
 */
final class Qrnn extends Layer {
    private static final int GATES = 3;
    private static final int WINDOW = 2;

    private final Matrix matrix = new Matrix();
    private final int length;
    private final float[] seen;
    private final float[] seenGradients;
    private final float[] gates;
    private final float[] gateGradients;
    private final float[] cells;
    private final float[] output;
    private final float[] inputGradient;
    private final float[] transposed;
    private final float[] carried;

    /**
     * A layer for so many steps of time.
     *
     * @param length steps of a piece.
     * @param batch  most columns: pieces times length.
     */
    Qrnn(final int inputs, final int outputs, final int length, final int offset, final int batch) {
        super(inputs, outputs, offset, GATES * outputs * (WINDOW * inputs + 1));
        this.length = length;
        seen = new float[WINDOW * inputs * batch];
        seenGradients = new float[WINDOW * inputs * batch];
        gates = new float[GATES * outputs * batch];
        gateGradients = new float[GATES * outputs * batch];
        cells = new float[outputs * batch];
        output = new float[outputs * batch];
        inputGradient = new float[inputs * batch];
        transposed = new float[GATES * outputs * WINDOW * inputs];
        carried = new float[batch];
    }

    @Override
    int[] tensorLengths() {
        return new int[] {weightCount(), GATES * outputs};
    }

    @Override
    void initialise(final float[] parameters, final SplittableRandom random) {
        initialiseNormal(parameters, offset, weightCount(), WINDOW * inputs, random);
        Arrays.fill(parameters, offset + weightCount() + outputs, offset + weightCount() + 2 * outputs, 1);
    }

    @Override
    float[] forward(final float[] parameters, final float[] input, final int batch) {
        final int pieces = batch / length;
        for (int i = 0; i < inputs; i++) {
            Arrays.fill(seen, i * batch, i * batch + pieces, 0);
            System.arraycopy(input, i * batch, seen, i * batch + pieces, batch - pieces);
        }
        System.arraycopy(input, 0, seen, inputs * batch, inputs * batch);
        Rows.fillWithBiases(gates, parameters, offset + weightCount(), GATES * outputs, batch);
        matrix.addProduct(parameters, offset, seen, gates, GATES * outputs, WINDOW * inputs, batch);
        Activations.tanh(gates, 0, outputs * batch);
        Activations.logistic(gates, outputs * batch, 2 * outputs * batch);
        for (int j = 0; j < outputs; j++) {
            pool(j * batch, (outputs + j) * batch, (2 * outputs + j) * batch, batch, pieces);
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
        final int pieces = batch / length;
        for (int j = 0; j < outputs; j++) {
            unpool(outputGradient, j * batch, (outputs + j) * batch, (2 * outputs + j) * batch, batch, pieces);
        }
        matrix.addProductTransposed(gateGradients, seen, gradients, offset, GATES * outputs, WINDOW * inputs, batch);
        Rows.addSums(gateGradients, gradients, offset + weightCount(), GATES * outputs, batch);
        if (!wanted) {
            return null;
        }
        Matrix.transpose(parameters, offset, transposed, GATES * outputs, WINDOW * inputs);
        Arrays.fill(seenGradients, 0, WINDOW * inputs * batch, 0);
        matrix.addProduct(transposed, 0, gateGradients, seenGradients, WINDOW * inputs, GATES * outputs, batch);
        for (int i = 0; i < inputs; i++) {
            addSeen(i * batch, (inputs + i) * batch, batch, pieces);
        }
        return inputGradient;
    }

    private int weightCount() {
        return GATES * outputs * WINDOW * inputs;
    }

    /** Runs one unit through time; z, f and o are where its rows begin, z also in cells and output. */
    private void pool(final int z, final int f, final int o, final int batch, final int pieces) {
        for (int x = 0; x < batch; x++) {
            final float before = x < pieces ? 0 : cells[z + x - pieces];
            final float keep = gates[f + x];
            final float cell = keep * before + (1 - keep) * gates[z + x];
            cells[z + x] = cell;
            output[z + x] = gates[o + x] * cell;
        }
    }

    private void unpool(
            final float[] outputGradient, final int z, final int f, final int o, final int batch, final int pieces) {
        Arrays.fill(carried, 0, pieces, 0);
        for (int from = batch - pieces; from >= 0; from -= pieces) {
            for (int i = 0; i < pieces; i++) {
                final int x = from + i;
                final float before = from == 0 ? 0 : cells[z + x - pieces];
                final float value = gates[z + x];
                final float keep = gates[f + x];
                final float open = gates[o + x];
                final float gradient = outputGradient[z + x];
                final float cellGradient = gradient * open + carried[i];
                gateGradients[o + x] = gradient * cells[z + x] * open * (1 - open);
                gateGradients[z + x] = cellGradient * (1 - keep) * (1 - value * value);
                gateGradients[f + x] = cellGradient * (before - value) * keep * (1 - keep);
                carried[i] = cellGradient * keep;
            }
        }
    }

    /** The gradient of an input: of what was seen at its own step, and one step later. */
    private void addSeen(final int earlier, final int now, final int batch, final int pieces) {
        for (int x = 0; x < batch - pieces; x++) {
            inputGradient[earlier + x] = seenGradients[now + x] + seenGradients[earlier + x + pieces];
        }
        System.arraycopy(seenGradients, now + batch - pieces, inputGradient, earlier + batch - pieces, pieces);
    }
}
