package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.optim.Signum;

/** Signum: every rank votes with the signs of its momentum, and all step by the majority's signs. One bit each way. */
public final class VotedSignum implements Optimiser {
    private final Signum signum;

    /**
     * A vote without weight decay.
     *
     * @param communicator   that votes.
     * @param parameterCount of the model.
     * @param momentum       0 to below 1; 0 is signSGD.
     */
    public VotedSignum(final Communicator communicator, final int parameterCount, final float momentum) {
        signum = new Signum(communicator, parameterCount).momentum(momentum);
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        signum.learningRate(rate).step(gradients, parameters);
    }

    @Override
    public void close() {
        signum.close();
    }
}
