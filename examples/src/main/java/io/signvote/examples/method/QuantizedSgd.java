package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.Gathered;
import io.signvote.examples.net.Tensors;
import io.signvote.examples.qsgd.BitReader;
import io.signvote.examples.qsgd.BitWriter;
import io.signvote.examples.qsgd.GradientCode;
import io.signvote.examples.qsgd.Norm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.UnsafeApi;

/** QSGD: every rank sends its gradient rounded to a few levels, coded; all step by the mean of what all sent. */
public final class QuantizedSgd implements Optimiser {
    /** More than a norm, a gap, a sign and a level take together, each coded at its worst. */
    private static final int ELEMENT_LENGTH_MAX = 16;

    private final Communicator communicator;
    private final Gathered gathered;
    private final GradientCode code;
    private final BitWriter message = new BitWriter();
    private final Momentum momentum;
    private final float[] sum;
    private ByteBuffer own = ByteBuffer.allocateDirect(0);
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
        this.code = new GradientCode(tensors, levels, norm, seed);
        this.gathered = new Gathered((long) communicator.size() * tensors.total() * ELEMENT_LENGTH_MAX);
        this.momentum = new Momentum(tensors.total(), momentum);
        this.sum = new float[tensors.total()];
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        code.write(gradients, message.clear());
        messageBits += message.bits();
        Arrays.fill(sum, 0);
        communicator.allGather(ownWords(), gathered);
        for (int rank = 0; rank < gathered.ranks(); rank++) {
            code.addTo(new BitReader(words(rank)), sum);
        }
        momentum.step(sum, 1f / communicator.size(), parameters, rate);
    }

    private ByteBuffer ownWords() {
        final int count = message.wordCount();
        if (own.capacity() < count * Long.BYTES) {
            own = ByteBuffer.allocateDirect(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        own.clear().asLongBuffer().put(message.words(), 0, count);
        return own.limit(count * Long.BYTES);
    }

    private long[] words(final int rank) {
        final long[] words = new long[Math.toIntExact(gathered.length(rank) / Long.BYTES)];
        final long address = gathered.address(rank);
        for (int i = 0; i < words.length; i++) {
            words[i] = UnsafeApi.getLong(address + (long) i * Long.BYTES);
        }
        return words;
    }

    /** {@return bits of all our messages so far, before they are sent to each other rank} */
    public long messageBits() {
        return messageBits;
    }

    @Override
    public void close() {
        gathered.close();
    }
}
