package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;

/**
 * Adam on the exact mean of all ranks' gradients, with its authors' constants. 32 bits each way.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2015, algorithm 1</a>
 */
public final class AveragedAdam implements Optimiser {
    static final float BETA1 = 0.9f;
    static final float BETA2 = 0.999f;
    static final float EPSILON = 1e-8f;

    private final Communicator communicator;
    private final float[] mean;
    private final float[] square;
    private double power1 = 1;
    private double power2 = 1;

    /**
     * Adam without weight decay.
     *
     * @param communicator   that sums.
     * @param parameterCount of the model.
     */
    public AveragedAdam(final Communicator communicator, final int parameterCount) {
        this.communicator = communicator;
        mean = new float[parameterCount];
        square = new float[parameterCount];
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        communicator.allReduce(gradients, gradients, ReduceOp.SUM);
        final float share = 1f / communicator.size();
        power1 *= BETA1;
        power2 *= BETA2;
        final float correction1 = (float) (1 / (1 - power1));
        final float correction2 = (float) (1 / (1 - power2));
        for (int i = 0; i < parameters.length; i++) {
            final float gradient = share * gradients[i];
            mean[i] = BETA1 * mean[i] + (1 - BETA1) * gradient;
            square[i] = BETA2 * square[i] + (1 - BETA2) * gradient * gradient;
            final float root = (float) Math.sqrt(correction2 * square[i]);
            parameters[i] -= rate * correction1 * mean[i] / (root + EPSILON);
        }
    }
}
