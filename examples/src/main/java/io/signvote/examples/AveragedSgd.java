package io.signvote.examples;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;

/** SGD with momentum on the mean of all ranks' gradients. 32 bits each way. */
final class AveragedSgd implements Optimiser {
    private static final float MOMENTUM = 0.9f;

    private final Communicator communicator;
    private final float[] momentum;
    private final float peakRate;

    AveragedSgd(final Communicator communicator, final int parameterCount, final float peakRate) {
        this.communicator = communicator;
        this.momentum = new float[parameterCount];
        this.peakRate = peakRate;
    }

    @Override
    public String name() {
        return "SGD, averaged";
    }

    @Override
    public String summary() {
        return "32 bits per parameter: the gradient; mean over ranks, momentum " + MOMENTUM;
    }

    @Override
    public float peakRate() {
        return peakRate;
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        communicator.allReduce(gradients, gradients, ReduceOp.SUM);
        final float share = 1f / communicator.size();
        for (int i = 0; i < parameters.length; i++) {
            momentum[i] = MOMENTUM * momentum[i] + share * gradients[i];
            parameters[i] -= rate * momentum[i];
        }
    }

    @Override
    public void close() {}
}
