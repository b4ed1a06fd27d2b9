package io.signvote.examples.net;

/** A model with one flat array of parameters, one of gradients, and one of running statistics. Used by one thread. */
public interface Trainable extends AutoCloseable {
    /** {@return the parameters themselves, to be stepped in place} */
    float[] parameters();

    /** {@return the gradients of the last batch, themselves; may be overwritten} */
    float[] gradients();

    /** {@return where the tensors of the model lie in both} */
    Tensors tensors();

    /**
     * Draws the parameters that training starts from.
     *
     * @param seed of the draw. A seed gives the same parameters on all ranks.
     */
    void initialise(long seed);

    /**
     * {@return running statistics of the samples seen, such as running means, themselves} They are no parameters. The ranks average
     * them before they score. Empty if the model has none.
     */
    default float[] statistics() {
        return new float[0];
    }

    /** Frees memory outside the heap, if the model has any. */
    @Override
    default void close() {}
}
