package io.signvote.examples.task;

import io.signvote.examples.data.ImageSet;
import io.signvote.examples.net.Classifier;
import io.signvote.examples.net.Network;

/**
 * A network for images, to be made once per rank.
 *
 * @param settings its shape, in a few words.
 * @param maker    of networks, for a number of images at a time.
 */
public record Model(String settings, Maker maker) {
    /** Makes a network. */
    @FunctionalInterface
    public interface Maker {
        /**
         * Makes it.
         *
         * @param images whose size and classes count.
         * @param batch  most images at a time.
         * @return a network with all parameters zero, to be closed.
         */
        Classifier network(ImageSet images, int batch);
    }

    /**
     * A multilayer perceptron.
     *
     * @param hidden units between pixels and classes.
     * @return the model.
     */
    public static Model perceptron(final int hidden) {
        return new Model(
                "perceptron with " + hidden + " hidden units",
                (images, batch) -> Network.perceptron(images, hidden, batch));
    }

    /**
     * The convolutional network of the quickstart.
     *
     * @return the model.
     */
    public static Model convolutional() {
        return new Model("convolutions 16x5x5/2 and 32x3x3/2, dense 64", Network::convolutional);
    }
}
