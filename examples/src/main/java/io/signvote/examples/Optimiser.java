package io.signvote.examples;

/**
 * What differs between the two runs: how the gradients of all ranks become one step of the parameters. Every rank calls
 * {@link #step} in the same order.
 */
interface Optimiser extends AutoCloseable {
    /** Name for tables and charts. */
    String name();

    /** What goes over the wire and how the step is made, in a few words. */
    String summary();

    /** Rate of the first round; {@link Schedule} takes it down from there. */
    float peakRate();

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
    void close();
}
