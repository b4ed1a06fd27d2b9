package io.signvote.bits;

/** Floats of 16 bits as binary32, and back, rounded to nearest even. */
public final class Halves {
    private static final int SIGN = 0x8000;
    private static final int QUIET = 0x0040_0000;

    /** 2^-24, the least positive binary16. */
    private static final float FLOAT16_LEAST = 0x1p-24f;

    /** The least magnitude that rounds to infinity as a binary16. */
    private static final float FLOAT16_OVERFLOW = 65520f;

    private static final float FLOAT16_LEAST_NORMAL = 0x1p-14f;

    private Halves() {}

    /**
     * Widens an IEEE 754 binary16. Exact.
     *
     * @param bits of the binary16.
     * @return the same value; a quiet NaN for a NaN, with the same sign and payload.
     */
    public static float ofFloat16(final short bits) {
        final int sign = (bits & SIGN) << 16;
        final int exponent = bits >> 10 & 0x1F;
        final int fraction = bits & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F80_0000 | (fraction == 0 ? 0 : QUIET) | fraction << 13);
        }
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * FLOAT16_LEAST));
        }
        return Float.intBitsToFloat(sign | exponent + (127 - 15) << 23 | fraction << 13);
    }

    /**
     * Narrows to an IEEE 754 binary16.
     *
     * @param value any float.
     * @return bits of the nearest binary16, ties to even; infinity from 65520 on; a quiet NaN for a NaN.
     */
    public static short toFloat16(final float value) {
        final int bits = Float.floatToRawIntBits(value);
        final int sign = bits >>> 16 & SIGN;
        final float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7E00 | (bits & 0x007F_FFFF) >> 13);
        }
        if (magnitude >= FLOAT16_OVERFLOW) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < FLOAT16_LEAST_NORMAL) {
            // in units of the least binary16; exact but for the one rounding of rint
            return (short) (sign | (int) Math.rint(magnitude / FLOAT16_LEAST));
        }
        final int scaled = (bits & 0x7FFF_FFFF) - (127 - 15 << 23);
        return (short) (sign | scaled + 0xFFF + (scaled >> 13 & 1) >> 13);
    }

    /**
     * Widens a bfloat16, the upper half of a binary32. Exact.
     *
     * @param bits of the bfloat16.
     * @return the same value; every bit of a NaN stays.
     */
    public static float ofBfloat16(final short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /**
     * Narrows to a bfloat16.
     *
     * @param value any float.
     * @return bits of the nearest bfloat16, ties to even; a quiet NaN for a NaN.
     */
    public static short toBfloat16(final float value) {
        final int bits = Float.floatToRawIntBits(value);
        return (short) (Float.isNaN(value) ? (bits | QUIET) >>> 16 : bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
