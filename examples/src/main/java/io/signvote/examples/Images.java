package io.signvote.examples;

/** Images of one size with their labels, as they lie in the files: a byte per pixel, 0 to 255. */
final class Images {
    private final byte[] pixels;
    private final byte[] labels;
    private final int pixelCount;

    Images(final byte[] pixels, final byte[] labels, final int pixelCount) {
        this.pixels = pixels;
        this.labels = labels;
        this.pixelCount = pixelCount;
    }

    int count() {
        return labels.length;
    }

    int pixelCount() {
        return pixelCount;
    }

    int label(final int image) {
        return labels[image];
    }

    int pixel(final int image, final int index) {
        return pixels[image * pixelCount + index] & 0xff;
    }

    /**
     * Every worldSize-th image, beginning with the rank's own: all ranks' shards together are all images.
     *
     * @param rank      0 to worldSize - 1.
     * @param worldSize number of shards.
     * @return a copy.
     */
    Images shard(final int rank, final int worldSize) {
        final int count = (count() - rank + worldSize - 1) / worldSize;
        final byte[] ownPixels = new byte[count * pixelCount];
        final byte[] ownLabels = new byte[count];
        for (int i = 0; i < count; i++) {
            final int image = rank + i * worldSize;
            System.arraycopy(pixels, image * pixelCount, ownPixels, i * pixelCount, pixelCount);
            ownLabels[i] = labels[image];
        }
        return new Images(ownPixels, ownLabels, pixelCount);
    }
}
