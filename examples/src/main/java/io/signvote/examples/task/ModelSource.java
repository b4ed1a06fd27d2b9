package io.signvote.examples.task;

/** A model that comes from outside, with what it needs: found on the class path by {@link java.util.ServiceLoader}. */
public interface ModelSource {
    /** {@return what it is called on the command line} */
    String name();

    /**
     * Gives the model.
     *
     * @param isFull whether at full size, or at one that two cores carry.
     * @return the model.
     */
    Model model(boolean isFull);
}
