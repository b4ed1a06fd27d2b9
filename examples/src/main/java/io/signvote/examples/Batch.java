package io.signvote.examples;

/** A few images side by side, as the first layer wants them: float32[pixels][count], and their labels. */
final class Batch {
    // mean and standard deviation of all pixels of the 60,000 training images
    private static final float MEAN = 0.2860f;
    private static final float DEVIATION = 0.3530f;

    private final float[] pixels;
    private final int[] labels;
    private int count;

    Batch(final int pixelCount, final int capacity) {
        pixels = new float[pixelCount * capacity];
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
    Batch fill(final Images images, final int[] order, final int from, final int to) {
        count = to - from;
        for (int i = 0; i < count; i++) {
            final int image = order[from + i];
            labels[i] = images.label(image);
            for (int p = 0; p < images.pixelCount(); p++) {
                pixels[p * count + i] = (images.pixel(image, p) / 255f - MEAN) / DEVIATION;
            }
        }
        return this;
    }

    int count() {
        return count;
    }

    float[] pixels() {
        return pixels;
    }

    int label(final int index) {
        return labels[index];
    }
}
