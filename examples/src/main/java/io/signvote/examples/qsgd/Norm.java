package io.signvote.examples.qsgd;

/** What the values of a tensor are measured by. */
public enum Norm {
    /** Root of the sum of squares, as in QSGD's theorems: few values are far from zero, most round to it. */
    L2 {
        @Override
        float of(final float[] values, final int offset, final int length) {
            double sum = 0;
            for (int i = offset; i < offset + length; i++) {
                sum += (double) values[i] * values[i];
            }
            return (float) Math.sqrt(sum);
        }
    },
    /** The largest absolute value, as in QSGD's experiments: less noise, fewer zeros. */
    MAX {
        @Override
        float of(final float[] values, final int offset, final int length) {
            float largest = 0;
            for (int i = offset; i < offset + length; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            return largest;
        }
    };

    abstract float of(float[] values, int offset, int length);
}
