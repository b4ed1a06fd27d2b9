package io.signvote.examples.net;

import java.util.Arrays;

/** Biases and their gradients: one number per row. */
final class Rows {
    private Rows() {}

    static void fillWithBiases(
            final float[] target, final float[] parameters, final int offset, final int rows, final int width) {
        for (int i = 0; i < rows; i++) {
            Arrays.fill(target, i * width, (i + 1) * width, parameters[offset + i]);
        }
    }

    static void addSums(
            final float[] source, final float[] gradients, final int offset, final int rows, final int width) {
        for (int i = 0; i < rows; i++) {
            float sum = 0;
            for (int j = i * width; j < (i + 1) * width; j++) {
                sum += source[j];
            }
            gradients[offset + i] += sum;
        }
    }
}
