package io.signvote.examples.method;

/** v = momentum v + g, x = x - rate v: what SGD makes of a gradient on which all ranks agree. */
final class Momentum {
    private final float momentum;
    private final float[] velocity;

    Momentum(final int parameterCount, final float momentum) {
        this.momentum = momentum;
        velocity = new float[parameterCount];
    }

    /**
     * Steps.
     *
     * @param sum   of gradients.
     * @param share by which the sum becomes a mean.
     */
    void step(final float[] sum, final float share, final float[] parameters, final float rate) {
        for (int i = 0; i < parameters.length; i++) {
            velocity[i] = momentum * velocity[i] + share * sum[i];
            parameters[i] -= rate * velocity[i];
        }
    }
}
