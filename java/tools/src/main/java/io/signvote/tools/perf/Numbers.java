package io.signvote.tools.perf;

import io.signvote.op.DataType;
import org.agrona.UnsafeApi;

/**
 * Elements of memory as their bits, and the floats among them as values. It shares no code with the library's
 * conversions. The bits of signed integers are extended by their sign, all others by zeros.
 */
final class Numbers {
    private Numbers() {}

    /**
     * Reads one element.
     *
     * @param type of the elements, not SIGN.
     * @param address of the first element.
     * @param i index of the element.
     * @return its bits.
     */
    static long get(final DataType type, final long address, final long i) {
        final long at = address + type.sizeOf(i);
        return switch (type) {
            case INT8 -> UnsafeApi.getByte(at);
            case UINT8 -> UnsafeApi.getByte(at) & 0xFF;
            case FLOAT16, BFLOAT16 -> UnsafeApi.getShort(at) & 0xFFFF;
            case INT32 -> UnsafeApi.getInt(at);
            case FLOAT32 -> UnsafeApi.getInt(at) & 0xFFFF_FFFFL;
            case INT64, FLOAT64 -> UnsafeApi.getLong(at);
            case SIGN -> throw new IllegalArgumentException("a sign is no element of memory");
        };
    }

    /**
     * Writes one element.
     *
     * @param type of the elements, not SIGN.
     * @param address of the first element.
     * @param i index of the element.
     * @param bits of the element; upper bits are cut off.
     */
    static void put(final DataType type, final long address, final long i, final long bits) {
        final long at = address + type.sizeOf(i);
        switch (type.size()) {
            case Byte.BYTES -> UnsafeApi.putByte(at, (byte) bits);
            case Short.BYTES -> UnsafeApi.putShort(at, (short) bits);
            case Integer.BYTES -> UnsafeApi.putInt(at, (int) bits);
            case Long.BYTES -> UnsafeApi.putLong(at, bits);
            default -> throw new IllegalArgumentException("a sign is no element of memory");
        }
    }

    /**
     * Cuts an integer to its type, as a sum that wraps.
     *
     * @param type of integers.
     * @param value any number.
     * @return bits of the element.
     */
    static long wrapped(final DataType type, final long value) {
        return switch (type) {
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xFF;
            case INT32 -> (int) value;
            default -> value;
        };
    }

    /**
     * The value of a float.
     *
     * @param type of floats.
     * @param bits of the element, finite or infinite.
     * @return its value, exact.
     */
    static double value(final DataType type, final long bits) {
        if (type == DataType.FLOAT64) {
            return Double.longBitsToDouble(bits);
        }
        if (type == DataType.FLOAT32) {
            return Float.intBitsToFloat((int) bits);
        }
        final int fractionBits = fractionBits(type);
        final int exponent = (int) bits >> fractionBits & (1 << 15 - fractionBits) - 1;
        final int fraction = (int) bits & (1 << fractionBits) - 1;
        final int least = 1 - bias(type) - fractionBits;
        final double magnitude;
        if (exponent == 2 * bias(type) + 1) {
            magnitude = Double.POSITIVE_INFINITY;
        } else if (exponent == 0) {
            magnitude = Math.scalb((double) fraction, least);
        } else {
            magnitude = Math.scalb((double) (fraction | 1 << fractionBits), least + exponent - 1);
        }
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    /**
     * Rounds a value to a float.
     *
     * @param type of floats.
     * @param value no NaN.
     * @return bits of the nearest float; of two that are as near, the one with an even fraction.
     */
    static long bits(final DataType type, final double value) {
        if (type == DataType.FLOAT64) {
            return Double.doubleToRawLongBits(value);
        }
        if (type == DataType.FLOAT32) {
            return Float.floatToRawIntBits((float) value) & 0xFFFF_FFFFL;
        }
        final int fractionBits = fractionBits(type);
        final long sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        final long infinity = 2L * bias(type) + 1 << fractionBits;
        if (Double.isInfinite(value)) {
            return sign | infinity;
        }
        final int exponent = Math.max(Math.getExponent(value), 1 - bias(type));
        final long fraction = (long) Math.rint(Math.scalb(Math.abs(value), fractionBits - exponent));
        // a fraction with its leading 1 adds 1 to the exponent, and so does one that was rounded up to 2
        return sign | Math.min(infinity, ((long) exponent + bias(type) - 1 << fractionBits) + fraction);
    }

    private static int fractionBits(final DataType type) {
        return type == DataType.FLOAT16 ? 10 : 7;
    }

    private static int bias(final DataType type) {
        return type == DataType.FLOAT16 ? 15 : 127;
    }
}
