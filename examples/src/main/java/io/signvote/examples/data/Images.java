package io.signvote.examples.data;

import java.util.Arrays;

/**
 * Images of one size with their labels, as they lie in the files: a byte per pixel, 0 to 255, channel by channel, row by
 * row. Not changed after construction, so that all threads may read.
 */
public final class Images {
    private final byte[] pixels;
    private final byte[] labels;
    private final int pixelCount;
    private final PixelScale scale;

    /**
     * Images over arrays that are not copied.
     *
     * @param pixels     of all images, one after the other.
     * @param labels     one per image.
     * @param pixelCount of one image, over all channels.
     * @param scale      what a byte means.
     */
    public Images(final byte[] pixels, final byte[] labels, final int pixelCount, final PixelScale scale) {
        this.pixels = pixels;
        this.labels = labels;
        this.pixelCount = pixelCount;
        this.scale = scale;
    }

    /** {@return how many there are} */
    public int count() {
        return labels.length;
    }

    /** {@return pixels of one image, over all channels} */
    public int pixelCount() {
        return pixelCount;
    }

    /**
     * What an image shows.
     *
     * @param image 0 to count - 1.
     * @return its class.
     */
    public int label(final int image) {
        return labels[image];
    }

    /**
     * A pixel as it lies in the file.
     *
     * @param image 0 to count - 1.
     * @param index 0 to pixelCount - 1.
     * @return 0 to 255.
     */
    public int pixel(final int image, final int index) {
        return pixels[image * pixelCount + index] & 0xff;
    }

    /**
     * Writes the pixels of an image into a column, on the scale that networks want.
     *
     * @param image  0 to count - 1.
     * @param target float32[pixelCount][columns].
     * @param column to fill.
     * @param columns of the target.
     */
    public void fill(final int image, final float[] target, final int column, final int columns) {
        final int perChannel = pixelCount / scale.channels();
        int source = image * pixelCount;
        int cell = column;
        for (int channel = 0; channel < scale.channels(); channel++) {
            final float[] table = scale.table(channel);
            for (int p = 0; p < perChannel; p++) {
                target[cell] = table[pixels[source++] & 0xff];
                cell += columns;
            }
        }
    }

    /** {@return a number that images of other content do not share, but by chance} */
    public int fingerprint() {
        return 31 * Arrays.hashCode(pixels) + Arrays.hashCode(labels);
    }

    /**
     * Every worldSize-th image, beginning with the rank's own: all ranks' shards together are all images.
     *
     * @param rank      0 to worldSize - 1.
     * @param worldSize number of shards.
     * @return a copy.
     */
    public Images shard(final int rank, final int worldSize) {
        final int[] own = new int[(count() - rank + worldSize - 1) / worldSize];
        for (int i = 0; i < own.length; i++) {
            own[i] = rank + i * worldSize;
        }
        return select(own);
    }

    /**
     * Some of the images.
     *
     * @param indices which, in the order wanted.
     * @return a copy.
     */
    public Images select(final int[] indices) {
        final byte[] chosenPixels = new byte[indices.length * pixelCount];
        final byte[] chosenLabels = new byte[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, indices[i] * pixelCount, chosenPixels, i * pixelCount, pixelCount);
            chosenLabels[i] = labels[indices[i]];
        }
        return new Images(chosenPixels, chosenLabels, pixelCount, scale);
    }
}
