package io.signvote.collective;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Slow reductions of numbers that share no code with the library. Integers are exact, and lose their upper bits at the end of each
 * operation. A float of 16 bits is the nearest of all its 65,536 values.
 */
public final class Reference {
    private Reference() {}

    /** Combines the contributions of all ranks in rank order. */
    public static byte[] reduce(
            final ReduceOp op,
            final DataType type,
            final int count,
            final int ranks,
            final IntFunction<byte[]> ballots) {
        final ByteBuffer result =
                ByteBuffer.wrap(new byte[(int) type.sizeOf(count)]).order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer[] all = new ByteBuffer[ranks];
        for (int rank = 0; rank < ranks; rank++) {
            all[rank] = ByteBuffer.wrap(ballots.apply(rank)).order(ByteOrder.LITTLE_ENDIAN);
        }
        final int elements = type == DataType.SIGN ? result.capacity() / 8 : count;
        for (int i = 0; i < elements; i++) {
            if (type.isFloat()) {
                putFloat(type, result, i, ofFloats(op, type, all, i));
            } else {
                putInteger(type, result, i, ofIntegers(op, type, all, i));
            }
        }
        return result.array();
    }

    private static double ofFloats(final ReduceOp op, final DataType type, final ByteBuffer[] all, final int i) {
        double value = getFloat(type, all[0], i);
        for (int rank = 1; rank < all.length; rank++) {
            final double next = getFloat(type, all[rank], i);
            value = switch (op) {
                case SUM, AVG -> type == DataType.FLOAT64 ? value + next : (float) value + (float) next;
                case PROD -> type == DataType.FLOAT64 ? value * next : (float) value * (float) next;
                case MIN -> value != value || next != next ? Double.NaN : isLess(value, next) ? value : next;
                default -> value != value || next != next ? Double.NaN : isLess(value, next) ? next : value;
            };
        }
        if (op == ReduceOp.AVG) {
            value = type == DataType.FLOAT64 ? value / all.length : (float) value / (float) all.length;
        }
        return value;
    }

    private static boolean isLess(final double a, final double b) {
        return a < b || a == b && 1 / a < 1 / b;
    }

    private static BigInteger ofIntegers(final ReduceOp op, final DataType type, final ByteBuffer[] all, final int i) {
        BigInteger value = getInteger(type, all[0], i);
        for (int rank = 1; rank < all.length; rank++) {
            final BigInteger next = getInteger(type, all[rank], i);
            value = wrapped(
                    type,
                    switch (op) {
                        case SUM, AVG -> value.add(next);
                        case PROD -> value.multiply(next);
                        case MIN -> value.min(next);
                        case MAX -> value.max(next);
                        case BAND -> value.and(next);
                        case BOR -> value.or(next);
                        default -> value.xor(next);
                    });
        }
        return op == ReduceOp.AVG ? value.divide(BigInteger.valueOf(all.length)) : value;
    }

    private static BigInteger wrapped(final DataType type, final BigInteger value) {
        final int bits = type == DataType.SIGN ? 64 : 8 * type.size();
        final BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
        final BigInteger rest = value.mod(modulus);
        return type != DataType.UINT8 && rest.testBit(bits - 1) ? rest.subtract(modulus) : rest;
    }

    private static BigInteger getInteger(final DataType type, final ByteBuffer from, final int i) {
        return BigInteger.valueOf(
                switch (type) {
                    case INT8 -> from.get(i);
                    case UINT8 -> Byte.toUnsignedInt(from.get(i));
                    case INT32 -> from.getInt(4 * i);
                    default -> from.getLong(8 * i);
                });
    }

    private static void putInteger(final DataType type, final ByteBuffer to, final int i, final BigInteger value) {
        switch (type) {
            case INT8, UINT8 -> to.put(i, value.byteValue());
            case INT32 -> to.putInt(4 * i, value.intValue());
            default -> to.putLong(8 * i, value.longValue());
        }
    }

    /** The majority of the signs of floats, each -1 or +1. A zero, an infinity and a NaN vote +1, and so does a tie. */
    public static byte[] majority(
            final DataType type, final int count, final int ranks, final IntFunction<byte[]> ballots) {
        final ByteBuffer result =
                ByteBuffer.wrap(new byte[(int) type.sizeOf(count)]).order(ByteOrder.LITTLE_ENDIAN);
        final int[] balance = new int[count];
        for (int rank = 0; rank < ranks; rank++) {
            final ByteBuffer values = ByteBuffer.wrap(ballots.apply(rank)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                final double value = getFloat(type, values, i);
                balance[i] += value < 0 && value > Double.NEGATIVE_INFINITY ? -1 : 1;
            }
        }
        for (int i = 0; i < count; i++) {
            putFloat(type, result, i, balance[i] < 0 ? -1 : 1);
        }
        return result.array();
    }

    private static double getFloat(final DataType type, final ByteBuffer from, final int i) {
        return switch (type) {
            case FLOAT16, BFLOAT16 -> ofHalf(type, from.getShort(2 * i));
            case FLOAT32 -> from.getFloat(4 * i);
            default -> from.getDouble(8 * i);
        };
    }

    /** Writes the nearest float of a type. */
    static void putFloat(final DataType type, final ByteBuffer to, final int i, final double value) {
        switch (type) {
            case FLOAT16, BFLOAT16 -> to.putShort(2 * i, nearestHalf(type, value));
            case FLOAT32 -> to.putFloat(4 * i, (float) value);
            default -> to.putDouble(8 * i, value);
        }
    }

    /** The value of a float of 16 bits by its formula. */
    public static double ofHalf(final DataType type, final short bits) {
        final int fractionBits = type == DataType.FLOAT16 ? 10 : 7;
        final int exponentBits = 15 - fractionBits;
        final int bias = (1 << exponentBits - 1) - 1;
        final int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        final int fraction = bits & (1 << fractionBits) - 1;
        final double sign = bits < 0 ? -1 : 1;
        if (exponent == (1 << exponentBits) - 1) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction * Math.pow(2, 1 - bias - fractionBits)
                : sign * (1 + fraction * Math.pow(2, -fractionBits)) * Math.pow(2, exponent - bias);
    }

    /** The nearest value of 16 bits, found by bisection. Of two as near, the one with an even fraction. */
    public static short nearestHalf(final DataType type, final double value) {
        final short infinity = (short) (type == DataType.FLOAT16 ? 0x7C00 : 0x7F80);
        if (value != value) {
            return (short) (infinity | (type == DataType.FLOAT16 ? 0x200 : 0x40));
        }
        final int sign = value < 0 || 1 / value < 0 ? 0x8000 : 0;
        final double magnitude = Math.abs(value);
        int low = 0;
        int high = infinity;
        while (high - low > 1) {
            final int middle = low + high >>> 1;
            if (ofHalf(type, (short) middle) <= magnitude) {
                low = middle;
            } else {
                high = middle;
            }
        }
        if (ofHalf(type, (short) low) == magnitude || Double.isInfinite(magnitude)) {
            return (short) (sign | (Double.isInfinite(magnitude) ? infinity : low));
        }
        // infinity rounds as the value that would follow the greatest
        final double above = high == infinity
                ? 2 * ofHalf(type, (short) low) - ofHalf(type, (short) (low - 1))
                : ofHalf(type, (short) high);
        final BigDecimal middle = new BigDecimal(ofHalf(type, (short) low))
                .add(new BigDecimal(above))
                .divide(BigDecimal.valueOf(2));
        final int order = new BigDecimal(magnitude).compareTo(middle);
        return (short) (sign | (order < 0 || order == 0 && (low & 1) == 0 ? low : high));
    }

    /** Numbers of a type. Of floats some are zeros, denormals, infinities and NaNs. */
    public static byte[] numbers(final DataType type, final Random draw, final int count) {
        final ByteBuffer bytes =
                ByteBuffer.wrap(new byte[(int) type.sizeOf(count)]).order(ByteOrder.LITTLE_ENDIAN);
        if (!type.isFloat()) {
            draw.nextBytes(bytes.array());
            return bytes.array();
        }
        for (int i = 0; i < count; i++) {
            putFloat(type, bytes, i, number(draw));
        }
        return bytes.array();
    }

    private static double number(final Random draw) {
        return switch (draw.nextInt(40)) {
            case 0 -> 0.0;
            case 1 -> -0.0;
            case 2 -> Double.NaN;
            case 3 -> Double.POSITIVE_INFINITY;
            case 4 -> Double.NEGATIVE_INFINITY;
            case 5 -> 1e-7 * draw.nextGaussian();
            case 6 -> 1e-40 * draw.nextGaussian();
            case 7 -> 60_000 * draw.nextGaussian();
            case 8 -> 1e38 * draw.nextGaussian();
            default -> draw.nextGaussian() * (1 << draw.nextInt(12));
        };
    }

    /** Whether two results are equal. NaNs are equal to one another. */
    public static boolean isEqual(final DataType type, final byte[] expected, final byte[] actual, final int i) {
        final ByteBuffer one = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer other = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        if (!type.isFloat()) {
            return getInteger(type, one, i).equals(getInteger(type, other, i));
        }
        return Double.doubleToLongBits(getFloat(type, one, i)) == Double.doubleToLongBits(getFloat(type, other, i));
    }
}
