package io.signvote.examples.qsgd;

import java.util.SplittableRandom;

/**
 * QSGD's rounding of one tensor: v becomes norm * sign(v) * level / s, where the level is one of the two whole numbers beside
 * s |v| / norm, by lot, such that the mean is v.
 */
final class Quantizer {
    private final int levels;
    private final Norm norm;
    private final SplittableRandom random;

    /**
     * A rounding.
     *
     * @param levels s, at least 1.
     * @param norm   that values are measured by.
     * @param random of the lots.
     */
    Quantizer(final int levels, final Norm norm, final SplittableRandom random) {
        if (levels < 1) {
            throw new IllegalArgumentException("levels=" + levels + ", expected at least 1");
        }
        this.levels = levels;
        this.norm = norm;
        this.random = random;
    }

    /**
     * Rounds a tensor.
     *
     * @param values source, float32[offset + length].
     * @param offset first element.
     * @param length elements.
     * @param target level of each element with the element's sign, -s to s.
     * @return the norm, as it goes over the wire; all levels are 0 where it is 0 or not finite.
     */
    float quantize(final float[] values, final int offset, final int length, final int[] target) {
        final float scale = norm.of(values, offset, length);
        final boolean isUsable = scale > 0 && Float.isFinite(scale);
        for (int i = 0; i < length; i++) {
            target[i] = isUsable ? level(values[offset + i], scale) : 0;
        }
        return scale;
    }

    /**
     * The value of a level.
     *
     * @param scale norm of the tensor.
     * @param level with its sign.
     * @return 0 for level 0.
     */
    float restore(final float scale, final int level) {
        return scale * level / levels;
    }

    private int level(final float value, final float scale) {
        final double exact = Math.min(levels, (double) Math.abs(value) / scale * levels);
        final int below = (int) exact;
        final int level = random.nextDouble() < exact - below ? below + 1 : below;
        return value < 0 ? -level : level;
    }
}
