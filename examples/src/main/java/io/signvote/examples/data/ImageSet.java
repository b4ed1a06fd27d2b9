package io.signvote.examples.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Images to train on and images to test on, of one kind.
 *
 * @param name     of the data set.
 * @param origin   where these files come from, for people.
 * @param channels 1 for grey, 3 for colours.
 * @param side     of an image, in pixels.
 * @param classes  that the labels tell apart, 0 to classes - 1.
 * @param train    to learn from.
 * @param test     never to learn from, nor to choose settings by.
 */
public record ImageSet(String name, String origin, int channels, int side, int classes, Images train, Images test) {
    /**
     * Reads CIFAR-10 or Fashion-MNIST, by what lies in the directory given; without one, Fashion-MNIST from Debian's package or the
     * small set that comes with the repository.
     *
     * @param given   directory, or null.
     * @param shipped directory of the small set.
     * @return all images.
     * @throws IOException naming the file, what is wrong with it, and the remedy.
     */
    public static ImageSet read(final Path given, final Path shipped) throws IOException {
        return given != null && Cifar10.isIn(given) ? Cifar10.read(given) : FashionMnist.read(given, shipped);
    }

    /**
     * A share of both parts.
     *
     * @param rank      0 to worldSize - 1.
     * @param worldSize number of shares.
     * @return a copy.
     */
    public ImageSet shard(final int rank, final int worldSize) {
        return new ImageSet(
                name, origin, channels, side, classes, train.shard(rank, worldSize), test.shard(rank, worldSize));
    }

    /** {@return a number that images of other content do not share, but by chance} */
    public int fingerprint() {
        return 31 * train.fingerprint() + test.fingerprint();
    }

    /** What was read, for people: no path, which would tell of a machine. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %,d training and %,d test images, from %s, fingerprint %08x",
                name,
                train.count(),
                test.count(),
                origin,
                fingerprint());
    }
}
