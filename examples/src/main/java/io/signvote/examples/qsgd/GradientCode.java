package io.signvote.examples.qsgd;

import io.signvote.examples.net.Tensors;
import java.util.SplittableRandom;

/**
 * The message that a rank sends in place of its gradient: for each tensor its norm in 32 bits, then its levels. The L2 norm goes
 * with the sparse code, the max norm with the dense one. Belongs to one thread.
 */
public final class GradientCode {
    private final Tensors tensors;
    private final Quantizer quantizer;
    private final Code code;
    private final int[] levels;

    /**
     * A code.
     *
     * @param tensors of the model, each with a norm of its own.
     * @param levels  s, at least 1: magnitudes beside zero.
     * @param norm    that values are measured by.
     * @param seed    of the rounding; another on each rank.
     */
    public GradientCode(final Tensors tensors, final int levels, final Norm norm, final long seed) {
        this.tensors = tensors;
        this.quantizer = new Quantizer(levels, norm, new SplittableRandom(seed));
        this.code = norm == Norm.L2 ? Code.SPARSE : Code.DENSE;
        int longest = 0;
        for (final int length : tensors.lengths()) {
            longest = Math.max(longest, length);
        }
        this.levels = new int[longest];
    }

    /**
     * Rounds a gradient and writes it.
     *
     * @param gradients of all tensors.
     * @param target    written on.
     */
    public void write(final float[] gradients, final BitWriter target) {
        int offset = 0;
        for (final int length : tensors.lengths()) {
            final float norm = quantizer.quantize(gradients, offset, length, levels);
            target.write(Integer.toUnsignedLong(Float.floatToIntBits(norm)), Float.SIZE);
            code.write(target, levels, length);
            offset += length;
        }
    }

    /**
     * Reads a message and adds the gradient that it stands for; one whose norm was not finite is not a number.
     *
     * @param source at the message's first bit.
     * @param sum    of all tensors, added to.
     */
    public void addTo(final BitReader source, final float[] sum) {
        int offset = 0;
        for (final int length : tensors.lengths()) {
            final float norm = Float.intBitsToFloat((int) source.read(Float.SIZE));
            code.read(source, levels, length);
            for (int i = 0; i < length; i++) {
                sum[offset + i] += Float.isFinite(norm) ? quantizer.restore(norm, levels[i]) : Float.NaN;
            }
            offset += length;
        }
    }
}
