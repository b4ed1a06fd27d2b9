package io.signvote.examples.net;

/** A model that tells samples apart, with one flat array of parameters and one of gradients. Belongs to one thread. */
public interface Classifier extends AutoCloseable {
    /** {@return the parameters themselves, to be stepped in place} */
    float[] parameters();

    /** {@return the gradients of the last {@link #train}, themselves} */
    float[] gradients();

    /** {@return where the tensors of the model lie in both} */
    Tensors tensors();

    /**
     * Draws the parameters that training starts from.
     *
     * @param seed which draw.
     */
    void initialise(long seed);

    /**
     * Computes the gradients of the mean loss over a batch.
     *
     * @param batch samples and labels.
     * @return the mean loss.
     */
    double train(Batch batch);

    /**
     * Looks at samples without learning from them.
     *
     * @param batch samples and labels.
     * @return how well the parameters do.
     */
    Score score(Batch batch);

    /**
     * {@return what follows from samples seen and is no parameter, as running means, themselves: what ranks average before they
     * score}
     */
    default float[] statistics() {
        return new float[0];
    }

    /** Frees what it holds, where that is more than memory of the heap. */
    @Override
    default void close() {}
}
