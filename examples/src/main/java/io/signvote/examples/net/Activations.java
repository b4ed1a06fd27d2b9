package io.signvote.examples.net;

/**
 * The hyperbolic tangent and the logistic function, in arithmetic that the JIT turns into vector instructions and that gives
 * the same bits on every machine.
 *
 * @see <a href="https://dlmf.nist.gov/4.39">Lambert's continued fraction of tanh, cut off after nine terms</a>
 */
final class Activations {
    /** Beyond it tanh is 1 to within the error of the fraction, 3e-5; below 5 that is under 1e-6. */
    private static final float LIMIT = 7.3f;

    private Activations() {}

    /** Replaces so many values, from an index on, by their tanh. */
    static void tanh(final float[] values, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            values[i] = tanh(values[i]);
        }
    }

    /** Replaces so many values, from an index on, by 1 / (1 + exp(-value)). */
    static void logistic(final float[] values, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            values[i] = 0.5f + 0.5f * tanh(0.5f * values[i]);
        }
    }

    static float tanh(final float value) {
        final float x = Math.max(-LIMIT, Math.min(LIMIT, value));
        final float q = x * x;
        final float above = x * (34459425f + q * (4729725f + q * (135135f + q * (990f + q))));
        final float below = 34459425f + q * (16216200f + q * (945945f + q * (13860f + q * 45f)));
        return Math.max(-1f, Math.min(1f, above / below));
    }
}
