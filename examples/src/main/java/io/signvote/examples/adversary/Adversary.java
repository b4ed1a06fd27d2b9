package io.signvote.examples.adversary;

/** A rank that changes its gradients before it sends them. Used by the thread of its rank. */
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
