package io.signvote.examples.data;

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

    /** What was read and from where, for people. */
    @Override
    public String toString() {
        return String.format(
                "%s, %,d training and %,d test images, from %s", name, train.count(), test.count(), origin);
    }
}
