package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.optim.Signum;

/** Signum: every rank votes with the signs of its momentum, and all step by the majority's signs. One bit each way. */
final class VotedSignum implements Optimiser {
    private static final float MOMENTUM = 0.9f;

    private final Signum signum;
    private final float peakRate;

    VotedSignum(final Communicator communicator, final int parameterCount, final float peakRate) {
        this.signum = new Signum(communicator, parameterCount).momentum(MOMENTUM);
        this.peakRate = peakRate;
    }

    @Override
    public String name() {
        return "Signum, voted";
    }

    @Override
    public String summary() {
        return "1 bit per parameter: the sign of the momentum, " + MOMENTUM + "; majority vote";
    }

    @Override
    public float peakRate() {
        return peakRate;
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
