package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.examples.net.Tensors;
import io.signvote.examples.qsgd.BitReader;
import io.signvote.examples.qsgd.BitWriter;
import io.signvote.examples.qsgd.GradientCode;
import io.signvote.examples.qsgd.Norm;
import java.util.Arrays;

/** QSGD: every rank sends its gradient rounded to a few levels, coded; all step by the mean of what all sent. */
public final class QuantizedSgd implements Optimiser {
    private final Communicator communicator;
    private final Gather gather;
    private final GradientCode code;
    private final BitWriter message = new BitWriter();
    private final Momentum momentum;
    private final float[] sum;
    private long messageBits;

    /**
     * QSGD without weight decay.
     *
     * @param communicator of all ranks.
     * @param tensors      of the model, each with a norm of its own.
     * @param levels       magnitudes beside zero, at least 1.
     * @param norm         that values are measured by; L2 is coded sparsely, MAX densely.
     * @param momentum     0 to below 1.
     * @param seed         of the rounding; another on each rank.
     */
    public QuantizedSgd(
            final Communicator communicator,
            final Tensors tensors,
            final int levels,
            final Norm norm,
            final float momentum,
            final long seed) {
        this.communicator = communicator;
        this.gather = new Gather(communicator);
        this.code = new GradientCode(tensors, levels, norm, seed);
        this.momentum = new Momentum(tensors.total(), momentum);
        this.sum = new float[tensors.total()];
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        code.write(gradients, message.clear());
        messageBits += message.bits();
        Arrays.fill(sum, 0);
        for (final long[] words : gather.words(message.words(), message.wordCount())) {
            code.addTo(new BitReader(words), sum);
        }
        momentum.step(sum, 1f / communicator.size(), parameters, rate);
    }

    /** {@return bits of all our messages so far, before they are sent to each other rank} */
    public long messageBits() {
        return messageBits;
    }

    @Override
    public void close() {
        gather.close();
    }
}
