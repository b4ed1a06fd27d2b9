package io.signvote.examples.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Images of ten kinds of clothing, 28 by 28, in four IDX files: training and test, images and labels.
 *
 * @see <a href="https://github.com/zalandoresearch/fashion-mnist">Xiao, Rasul and Vollgraf 2017</a>
 */
public final class FashionMnist {
    /** Of an image, in pixels. */
    public static final int SIDE = 28;

    /** Kinds of clothing. */
    public static final int CLASSES = 10;

    // mean and standard deviation of all pixels of the 60,000 training images
    private static final PixelScale SCALE = new PixelScale(new float[] {0.2860f}, new float[] {0.3530f});

    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    private static final String TRAIN = "train";
    private static final String TEST = "t10k";

    private FashionMnist() {}

    /**
     * Reads the directory given, else Debian's package, else the small set that comes with the repository.
     *
     * @param given   directory with the four files, or null.
     * @param shipped directory of the small set.
     * @return all images.
     * @throws IOException naming the file, what is wrong with it, and the remedy.
     */
    public static ImageSet read(final Path given, final Path shipped) throws IOException {
        if (given != null) {
            if (!Files.isDirectory(given)) {
                throw new IOException(given + " is not a directory; --data takes one that holds "
                        + "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
                        + "t10k-labels-idx1-ubyte, plain or .gz");
            }
            return set(given, "the directory that --data gives");
        }
        if (Files.isDirectory(DEBIAN)) {
            return set(DEBIAN, "Debian's dataset-fashion-mnist");
        }
        return set(shipped, "the small set of this repository; apt-get install dataset-fashion-mnist for all");
    }

    private static ImageSet set(final Path directory, final String origin) throws IOException {
        return new ImageSet("Fashion-MNIST", origin, 1, SIDE, CLASSES, read(directory, TRAIN), read(directory, TEST));
    }

    private static Images read(final Path directory, final String part) throws IOException {
        final IdxFile images = IdxFile.read(directory, part + "-images-idx3-ubyte", 3);
        final IdxFile labels = IdxFile.read(directory, part + "-labels-idx1-ubyte", 1);
        if (images.size(1) != SIDE || images.size(2) != SIDE) {
            throw new IOException(images + ", expected images of 28x28: is this Fashion-MNIST or MNIST?");
        }
        if (images.size(0) != labels.size(0)) {
            throw new IOException(images + " does not go with " + labels
                    + ": one label per image is needed, take both from one source");
        }
        final byte[] values = labels.bytes();
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= CLASSES) {
                throw new IOException(
                        labels + ": label " + i + " is " + (values[i] & 0xff) + ", expected 0 to 9; fetch it again");
            }
        }
        if (values.length == 0) {
            throw new IOException(images + " holds no image; fetch it again");
        }
        return new Images(images.bytes(), values, SIDE * SIDE, SCALE);
    }
}
