package io.signvote.examples.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Photographs of ten kinds of things, 32 by 32 in three colours, in CIFAR-10's binary format: records of one label and 3,072
 * pixels, in five files of training and one of test images.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky 2009</a>
 */
public final class Cifar10 {
    private static final int CHANNELS = 3;
    private static final int SIDE = 32;
    private static final int CLASSES = 10;
    private static final int PIXELS = CHANNELS * SIDE * SIDE;
    private static final int RECORD = 1 + PIXELS;
    private static final int TRAIN_FILES = 5;

    // of all pixels of the 50,000 training images, red, green, blue
    private static final PixelScale SCALE =
            new PixelScale(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f});

    private Cifar10() {}

    /**
     * Looks for the first file.
     *
     * @param directory to look in.
     * @return whether this directory is meant to hold CIFAR-10.
     */
    public static boolean isIn(final Path directory) {
        return Files.exists(directory.resolve(trainFile(1)));
    }

    /**
     * Reads all six files.
     *
     * @param directory that holds data_batch_1.bin to data_batch_5.bin and test_batch.bin.
     * @return all images.
     * @throws IOException naming the file, what is wrong with it, and the remedy.
     */
    public static ImageSet read(final Path directory) throws IOException {
        final List<String> train = IntStream.rangeClosed(1, TRAIN_FILES)
                .mapToObj(Cifar10::trainFile)
                .toList();
        return new ImageSet(
                "CIFAR-10",
                "the directory that --data gives",
                CHANNELS,
                SIDE,
                CLASSES,
                read(directory, train),
                read(directory, List.of("test_batch.bin")));
    }

    private static String trainFile(final int number) {
        return "data_batch_" + number + ".bin";
    }

    private static Images read(final Path directory, final List<String> names) throws IOException {
        final ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        final ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (final String name : names) {
            final Path file = directory.resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " is not there; all six .bin files of CIFAR-10 must be in one directory");
            }
            final byte[] records = Files.readAllBytes(file);
            if (records.length == 0 || records.length % RECORD != 0) {
                throw new IOException(file + " has " + records.length + " bytes, expected records of " + RECORD
                        + " bytes each; fetch the binary version again");
            }
            for (int from = 0; from < records.length; from += RECORD) {
                if (records[from] < 0 || records[from] >= CLASSES) {
                    throw new IOException(file + ": label " + from / RECORD + " is " + (records[from] & 0xff)
                            + ", expected 0 to 9; fetch the binary version again");
                }
                labels.write(records[from]);
                pixels.write(records, from + 1, PIXELS);
            }
        }
        return new Images(pixels.toByteArray(), labels.toByteArray(), PIXELS, SCALE);
    }
}
