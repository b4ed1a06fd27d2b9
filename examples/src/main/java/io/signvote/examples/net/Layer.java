package io.signvote.examples.net;

import java.util.SplittableRandom;

/**
 * A stage of the network. Values are float32[features][batch]: one row per feature, one column per sample, samples side by
 * side, so that the innermost loops run over samples.
 *
 * <p>All parameters of a network lie in one array, and all gradients in another: that is what is voted on. A layer knows
 * where its own begin. Layers keep what they computed in {@code forward} for the {@code backward} that follows, and
 * belong to one thread.
 */
abstract class Layer {
    /** Features coming in. */
    final int inputs;

    /** Features going out. */
    final int outputs;

    /** Index of the first parameter of this layer. */
    final int offset;

    /** Parameters of this layer. */
    final int parameterCount;

    Layer(final int inputs, final int outputs, final int offset, final int parameterCount) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.offset = offset;
        this.parameterCount = parameterCount;
    }

    /** Index after the last parameter of this layer, where the next layer's begin. */
    final int end() {
        return offset + parameterCount;
    }

    /** Lengths of the tensors that the parameters consist of, in their order. */
    abstract int[] tensorLengths();

    /** Draws the parameters that training starts from; by default there are none. */
    void initialise(final float[] parameters, final SplittableRandom random) {}

    /**
     * Computes the outputs.
     *
     * @param parameters of the whole network.
     * @param input      float32[inputs][batch], not changed, to be kept as it is until {@code backward}.
     * @param batch      images, at most the batch the layer was made for.
     * @return float32[outputs][batch], valid until the next call.
     */
    abstract float[] forward(float[] parameters, float[] input, int batch);

    /**
     * Adds the gradient of the loss by this layer's parameters, and computes that by its input.
     *
     * @param parameters     of the whole network.
     * @param gradients      of the whole network; this layer's part is added to.
     * @param outputGradient float32[outputs][batch].
     * @param batch          as in the call of {@code forward} before.
     * @param wanted         whether the input's gradient is of use; the first layer's is not.
     * @return float32[inputs][batch], valid until the next call; null where not wanted.
     */
    abstract float[] backward(float[] parameters, float[] gradients, float[] outputGradient, int batch, boolean wanted);

    /** He's initialisation: normal with variance 2 / fan-in, weights first, then biases of zero. */
    static void initialiseNormal(
            final float[] parameters,
            final int offset,
            final int weightCount,
            final int fanIn,
            final SplittableRandom random) {
        final double deviation = Math.sqrt(2.0 / fanIn);
        for (int i = 0; i < weightCount; i++) {
            parameters[offset + i] = (float) (deviation * random.nextGaussian());
        }
    }
}
