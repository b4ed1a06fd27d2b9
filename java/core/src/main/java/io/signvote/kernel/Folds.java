package io.signvote.kernel;

import io.signvote.bits.Halves;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.agrona.UnsafeApi;

/**
 * The specification of the reductions of numbers, in plain Java, for {@link Kernels#fold}, {@link Kernels#widen} and
 * {@link Kernels#finish}. Each type has a method with one loop. The JIT compiler makes short code of it, however many
 * types a process uses.
 *
 * <p>Floats are combined as doubles, and each result is rounded to its type once. For a sum, a product and a quotient of
 * two binary32 this gives the bits of binary32 arithmetic: a double has more than twice the digits.
 *
 * @see <a href="https://doi.org/10.1145/221332.221334">Figueroa 1995, When is double rounding innocuous?</a>
 */
final class Folds {
    private Folds() {}

    static void fold(final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        switch (type) {
            case FLOAT16 -> foldFloat16(op, source, target, n);
            case BFLOAT16 -> foldBfloat16(op, source, target, n);
            case FLOAT32 -> foldFloat32(op, source, target, n);
            case FLOAT64 -> foldFloat64(op, source, target, n);
            case INT8 -> foldInt8(op, source, target, n);
            case UINT8 -> foldUint8(op, source, target, n);
            case INT32 -> foldInt32(op, source, target, n);
            case INT64 -> foldInt64(op, source, target, n);
            default -> throw new IllegalArgumentException(op + " of " + type);
        }
    }

    static void widen(final DataType type, final long source, final long target, final int n) {
        if (type == DataType.FLOAT16) {
            widenFloat16(source, target, n);
        } else {
            widenBfloat16(source, target, n);
        }
    }

    static void finish(
            final ReduceOp op,
            final DataType type,
            final long source,
            final long target,
            final int n,
            final int ranks) {
        // of other reductions the result is the combined value itself: a quotient by 1
        final int divisor = op == ReduceOp.AVG ? ranks : 1;
        switch (type) {
            case FLOAT16 -> finishFloat16(source, target, n, divisor);
            case BFLOAT16 -> finishBfloat16(source, target, n, divisor);
            case FLOAT32 -> finishFloat32(source, target, n, divisor);
            case FLOAT64 -> finishFloat64(source, target, n, divisor);
            case INT8 -> finishInt8(source, target, n, divisor);
            case UINT8 -> finishUint8(source, target, n, divisor);
            case INT32 -> finishInt32(source, target, n, divisor);
            case INT64 -> finishInt64(source, target, n, divisor);
            default -> throw new IllegalArgumentException(op + " of " + type);
        }
    }

    private static void foldFloat16(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            final float next = Halves.ofFloat16(getShort(source, i));
            putFloat(target, i, (float) combined(op, getFloat(target, i), next));
        }
    }

    private static void foldBfloat16(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            final float next = Halves.ofBfloat16(getShort(source, i));
            putFloat(target, i, (float) combined(op, getFloat(target, i), next));
        }
    }

    private static void foldFloat32(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putFloat(target, i, (float) combined(op, getFloat(target, i), getFloat(source, i)));
        }
    }

    private static void foldFloat64(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putDouble(target, i, combined(op, getDouble(target, i), getDouble(source, i)));
        }
    }

    private static void foldInt8(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putByte(target, i, (byte) combined(op, getByte(target, i), getByte(source, i)));
        }
    }

    private static void foldUint8(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putByte(target, i, (byte) combined(op, getByte(target, i) & 0xFF, getByte(source, i) & 0xFF));
        }
    }

    private static void foldInt32(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putInt(target, i, (int) combined(op, getInt(target, i), getInt(source, i)));
        }
    }

    private static void foldInt64(final ReduceOp op, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putLong(target, i, combined(op, getLong(target, i), getLong(source, i)));
        }
    }

    private static void widenFloat16(final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putFloat(target, i, Halves.ofFloat16(getShort(source, i)));
        }
    }

    private static void widenBfloat16(final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putFloat(target, i, Halves.ofBfloat16(getShort(source, i)));
        }
    }

    /** The quotient is a binary32, and is rounded to 16 bits after that. */
    private static void finishFloat16(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putShort(target, i, Halves.toFloat16(getFloat(source, i) / divisor));
        }
    }

    private static void finishBfloat16(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putShort(target, i, Halves.toBfloat16(getFloat(source, i) / divisor));
        }
    }

    private static void finishFloat32(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putFloat(target, i, getFloat(source, i) / divisor);
        }
    }

    private static void finishFloat64(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putDouble(target, i, getDouble(source, i) / divisor);
        }
    }

    private static void finishInt8(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putByte(target, i, (byte) (getByte(source, i) / divisor));
        }
    }

    private static void finishUint8(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putByte(target, i, (byte) ((getByte(source, i) & 0xFF) / divisor));
        }
    }

    private static void finishInt32(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putInt(target, i, getInt(source, i) / divisor);
        }
    }

    private static void finishInt64(final long source, final long target, final int n, final int divisor) {
        for (int i = 0; i < n; i++) {
            putLong(target, i, getLong(source, i) / divisor);
        }
    }

    private static double combined(final ReduceOp op, final double a, final double b) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PROD -> a * b;
            case MIN -> oneNaN(Math.min(a, b));
            case MAX -> oneNaN(Math.max(a, b));
            default -> throw new IllegalArgumentException(op + " of floats");
        };
    }

    private static long combined(final ReduceOp op, final long a, final long b) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PROD -> a * b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case BAND -> a & b;
            case BOR -> a | b;
            case BXOR -> a ^ b;
            default -> throw new IllegalArgumentException(op + " of integers");
        };
    }

    /** The same NaN for all: the bits do not depend on the order of contributions. */
    private static double oneNaN(final double value) {
        return Double.isNaN(value) ? Double.NaN : value;
    }

    private static float getFloat(final long address, final int i) {
        return UnsafeApi.getFloat(address + 4L * i);
    }

    private static void putFloat(final long address, final int i, final float value) {
        UnsafeApi.putFloat(address + 4L * i, value);
    }

    private static double getDouble(final long address, final int i) {
        return UnsafeApi.getDouble(address + 8L * i);
    }

    private static void putDouble(final long address, final int i, final double value) {
        UnsafeApi.putDouble(address + 8L * i, value);
    }

    private static byte getByte(final long address, final int i) {
        return UnsafeApi.getByte(address + i);
    }

    private static void putByte(final long address, final int i, final byte value) {
        UnsafeApi.putByte(address + i, value);
    }

    private static short getShort(final long address, final int i) {
        return UnsafeApi.getShort(address + 2L * i);
    }

    private static void putShort(final long address, final int i, final short value) {
        UnsafeApi.putShort(address + 2L * i, value);
    }

    private static int getInt(final long address, final int i) {
        return UnsafeApi.getInt(address + 4L * i);
    }

    private static void putInt(final long address, final int i, final int value) {
        UnsafeApi.putInt(address + 4L * i, value);
    }

    private static long getLong(final long address, final int i) {
        return UnsafeApi.getLong(address + 8L * i);
    }

    private static void putLong(final long address, final int i, final long value) {
        UnsafeApi.putLong(address + 8L * i, value);
    }
}
