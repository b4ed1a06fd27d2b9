package io.signvote.examples.adversary;

/** One rank that does not send what it computed. Used by the thread of its rank. */
@FunctionalInterface
public interface Adversary {
    /** Sends what it computed. */
    Adversary HONEST = gradients -> {};

    /**
     * Spoils a gradient.
     *
     * @param gradients of this rank's batch, changed in place.
     */
    void corrupt(float[] gradients);
}
