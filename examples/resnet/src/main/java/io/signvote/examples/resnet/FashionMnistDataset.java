package io.signvote.examples.resnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Fashion-MNIST from its compressed IDX files, in a frame of zeros of 32x32. */
final class FashionMnistDataset {
    private static final int SIDE = 32;
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    private FashionMnistDataset() {}

    /** How many images of a name there are with a label. */
    static int count(final Path directory, final String name) throws IOException {
        try (DataInputStream images = images(directory, name);
                DataInputStream labels = labels(directory, name)) {
            return Math.min(images.readInt(), labels.readInt());
        }
    }

    /**
     * Every size-th image from one on, as a data set of DJL.
     *
     * @param limit images in all, of all shares.
     */
    static ArrayDataset share(
            final NDManager manager,
            final Path directory,
            final String name,
            final int first,
            final int size,
            final int limit,
            final int batch)
            throws IOException {
        try (DataInputStream images = images(directory, name);
                DataInputStream labels = labels(directory, name)) {
            final int all = Math.min(limit, Math.min(images.readInt(), labels.readInt()));
            final int rows = images.readInt();
            final int columns = images.readInt();
            final int count = all / size;
            final float[] pixels = new float[count * SIDE * SIDE];
            final float[] classes = new float[count];
            final byte[] image = new byte[rows * columns];
            for (int i = 0; i < count * size; i++) {
                images.readFully(image);
                final byte label = labels.readByte();
                if (i % size == first) {
                    frame(image, rows, columns, pixels, i / size * SIDE * SIDE);
                    classes[i / size] = label;
                }
            }
            final NDArray data = manager.create(pixels, new Shape(count, 1, SIDE, SIDE));
            return new ArrayDataset.Builder()
                    .setData(data)
                    .optLabels(manager.create(classes))
                    .setSampling(batch, true, true)
                    .build();
        }
    }

    private static void frame(
            final byte[] image, final int rows, final int columns, final float[] pixels, final int offset) {
        final int top = (SIDE - rows) / 2;
        final int left = (SIDE - columns) / 2;
        for (int i = 0; i < image.length; i++) {
            pixels[offset + (top + i / columns) * SIDE + left + i % columns] = (image[i] & 0xFF) / 255f;
        }
    }

    private static DataInputStream images(final Path directory, final String name) throws IOException {
        return open(directory.resolve(name + "-images-idx3-ubyte.gz"), IMAGES);
    }

    private static DataInputStream labels(final Path directory, final String name) throws IOException {
        return open(directory.resolve(name + "-labels-idx1-ubyte.gz"), LABELS);
    }

    private static DataInputStream open(final Path file, final int magic) throws IOException {
        final InputStream plain = new GZIPInputStream(Files.newInputStream(file), 1 << 16);
        final DataInputStream data = new DataInputStream(plain);
        final int found = data.readInt();
        if (found != magic) {
            data.close();
            throw new IOException(file + " begins with " + Integer.toHexString(found) + ", expected "
                    + Integer.toHexString(magic) + ": take an IDX file");
        }
        return data;
    }
}
