package io.signvote.examples.method;

/** How the gradients of all ranks become one step of the parameters. Every rank calls {@link #step} in the same order. */
public interface Optimiser extends AutoCloseable {
    /**
     * Agrees with the other ranks and steps.
     *
     * @param gradients  of our own batch; may be overwritten.
     * @param parameters the same on every rank, before and after.
     * @param rate       of this round.
     */
    void step(float[] gradients, float[] parameters, float rate);

    /** Frees what the optimiser holds; the communicator stays open. */
    @Override
    default void close() {}
}
