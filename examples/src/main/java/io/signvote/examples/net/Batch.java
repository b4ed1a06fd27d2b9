package io.signvote.examples.net;

import io.signvote.examples.data.Images;
import io.signvote.examples.data.Text;

/**
 * A few samples side by side, as the first layer wants them: float32[features][count], and a label for each.
 */
public final class Batch {
    private final float[] values;
    private final int[] labels;
    private int count;

    /**
     * An empty batch.
     *
     * @param features of a sample.
     * @param capacity most samples.
     */
    public Batch(final int features, final int capacity) {
        values = new float[features * capacity];
        labels = new int[capacity];
    }

    /**
     * Takes images, in the order given.
     *
     * @param images source.
     * @param order  indices of images.
     * @param from   first index to take.
     * @param to     index after the last.
     * @return this.
     */
    public Batch fill(final Images images, final int[] order, final int from, final int to) {
        count = to - from;
        for (int i = 0; i < count; i++) {
            final int image = order[from + i];
            labels[i] = images.label(image);
            images.fill(image, values, i, count);
        }
        return this;
    }

    /**
     * Takes pieces of a text: column t * pieces + i holds character t of piece i, its label is the character after it.
     *
     * @param text   source.
     * @param starts first character of each piece.
     * @param from   first piece to take.
     * @param to     index after the last.
     * @param length characters of a piece.
     * @return this.
     */
    public Batch fill(final Text text, final int[] starts, final int from, final int to, final int length) {
        final int pieces = to - from;
        count = pieces * length;
        for (int i = 0; i < pieces; i++) {
            for (int t = 0; t < length; t++) {
                values[t * pieces + i] = text.symbol(starts[from + i] + t);
                labels[t * pieces + i] = text.symbol(starts[from + i] + t + 1);
            }
        }
        return this;
    }

    /** {@return samples taken last} */
    public int count() {
        return count;
    }

    /** {@return float32[features][count], live} */
    public float[] values() {
        return values;
    }

    /**
     * What a sample is.
     *
     * @param index 0 to count - 1.
     * @return its class.
     */
    public int label(final int index) {
        return labels[index];
    }
}
