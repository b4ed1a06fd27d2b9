package io.signvote;

import io.signvote.op.DataType;

/** Half-precision floats widened by the letter of IEEE 754: what the device's conversions are held against. */
public final class Narrow {
    private Narrow() {}

    /** The value that 16 bits stand for; exact. */
    public static float widen(final short bits, final DataType type) {
        if (type == DataType.BFLOAT16) {
            return Float.intBitsToFloat(bits << 16);
        }
        final int exponent = bits >> 10 & 0x1F;
        final int fraction = bits & 0x3FF;
        final float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> (1024 + fraction) * (float) Math.pow(2, exponent - 25);
        };
        return bits < 0 ? -magnitude : magnitude;
    }
}
