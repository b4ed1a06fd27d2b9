package io.signvote.examples.task;

import io.signvote.examples.net.Score;
import io.signvote.examples.net.Tensors;

/** One rank's model, and its share of the data. Used by one thread. */
public interface Learner extends AutoCloseable {
    /** {@return the parameters themselves, to be stepped in place} */
    float[] parameters();

    /** {@return the gradients of the last {@link #learn}, themselves; may be overwritten} */
    float[] gradients();

    /** {@return where the tensors of the model lie} */
    Tensors tensors();

    /**
     * Draws the parameters that training starts from, the same on all ranks.
     *
     * @param seed which draw.
     */
    void initialise(long seed);

    /**
     * Computes the gradients of the next samples.
     *
     * @param step 0 and up, each once and in order.
     * @return their mean loss.
     */
    double learn(int step);

    /**
     * Looks at this rank's share of a split.
     *
     * @param split which.
     * @return how well the parameters do; all ranks' scores together are that of the split.
     */
    Score score(Split split);

    /**
     * {@return what follows from samples seen and is no parameter, as running means, themselves: to be averaged over all ranks
     * before {@link #score}}
     */
    default float[] statistics() {
        return new float[0];
    }

    /** Frees what the model holds. */
    @Override
    default void close() {}
}
