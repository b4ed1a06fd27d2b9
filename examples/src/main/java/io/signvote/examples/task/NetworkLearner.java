package io.signvote.examples.task;

import io.signvote.examples.net.Classifier;
import io.signvote.examples.net.Tensors;

/** A learner whose model is a network. Subclasses fill the batches. */
abstract class NetworkLearner implements Learner {
    final Classifier network;

    /** Takes a network over, which {@link #close()} closes. */
    NetworkLearner(final Classifier network) {
        this.network = network;
    }

    @Override
    public final float[] parameters() {
        return network.parameters();
    }

    @Override
    public final float[] gradients() {
        return network.gradients();
    }

    @Override
    public final Tensors tensors() {
        return network.tensors();
    }

    @Override
    public final void initialise(final long seed) {
        network.initialise(seed);
    }

    @Override
    public final float[] statistics() {
        return network.statistics();
    }

    @Override
    public final void close() {
        network.close();
    }
}
