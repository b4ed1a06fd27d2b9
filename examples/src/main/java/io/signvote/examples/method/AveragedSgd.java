package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;

/** SGD with momentum on the exact mean of all ranks' gradients. 32 bits each way. */
public final class AveragedSgd implements Optimiser {
    private final Communicator communicator;
    private final Momentum momentum;

    /**
     * SGD without weight decay.
     *
     * @param communicator   that sums.
     * @param parameterCount of the model.
     * @param momentum       0 to below 1.
     */
    public AveragedSgd(final Communicator communicator, final int parameterCount, final float momentum) {
        this.communicator = communicator;
        this.momentum = new Momentum(parameterCount, momentum);
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        communicator.allReduce(gradients, gradients, ReduceOp.SUM);
        momentum.step(gradients, 1f / communicator.size(), parameters, rate);
    }
}
