package io.signvote.optim;

import io.signvote.Communicator;

/** Signum with majority vote. (skeleton) */
public final class Signum implements AutoCloseable {
    /**
     * An optimiser with the paper's defaults: eta 1e-4, beta 0.9, lambda 0.
     *
     * @param communicator that votes.
     * @param count parameters.
     */
    public Signum(final Communicator communicator, final long count) {}

    /**
     * Sets the learning rate of the steps to come.
     *
     * @param eta above 0.
     * @return this.
     */
    public Signum learningRate(final float eta) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sets the momentum.
     *
     * @param beta 0 to below 1.
     * @return this.
     */
    public Signum momentum(final float beta) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sets the weight decay of the steps to come.
     *
     * @param lambda at least 0.
     * @return this.
     */
    public Signum weightDecay(final float lambda) {
        throw new UnsupportedOperationException();
    }

    /**
     * Votes and steps, heap arrays through a copy.
     *
     * @param gradients float32[count].
     * @param parameters float32[count], stepped by the verdict.
     */
    public void step(final float[] gradients, final float[] parameters) {
        throw new UnsupportedOperationException();
    }

    /**
     * Votes and steps memory by address.
     *
     * @param gradients address of float32[count].
     * @param parameters address of float32[count], stepped by the verdict.
     */
    public void step(final long gradients, final long parameters) {
        throw new UnsupportedOperationException();
    }

    /** Frees the momentum. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
