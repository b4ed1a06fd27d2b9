package io.signvote.examples.task;

import java.util.ServiceLoader;

/** Models for images, by name. */
public final class Models {
    private static final int HIDDEN = 64;

    private Models() {}

    /**
     * Finds a model: one of this program, or one whose {@link ModelSource} is on the class path.
     *
     * @param name   of it; null for a perceptron, and for a convolutional network at full size.
     * @param isFull whether at full size.
     * @return the model.
     * @throws IllegalArgumentException where there is none.
     */
    public static Model find(final String name, final boolean isFull) {
        if (name == null) {
            return isFull ? Model.convolutional() : Model.perceptron(HIDDEN);
        }
        return switch (name) {
            case "perceptron" -> Model.perceptron(HIDDEN);
            case "convolutional" -> Model.convolutional();
            default -> outside(name, isFull);
        };
    }

    private static Model outside(final String name, final boolean isFull) {
        for (final ModelSource source : ServiceLoader.load(ModelSource.class)) {
            if (source.name().equals(name)) {
                return source.model(isFull);
            }
        }
        throw new IllegalArgumentException(
                "--model " + name
                        + " is not here, expected perceptron, convolutional, or resnet18, which examples/paper builds when it is asked for");
    }
}
