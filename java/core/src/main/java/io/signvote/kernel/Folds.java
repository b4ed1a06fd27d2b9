package io.signvote.kernel;

import io.signvote.bits.Halves;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.agrona.UnsafeApi;

/**
 * The specification of the reductions of numbers, in plain Java, for {@link Kernels#fold} and {@link Kernels#finish}.
 *
 * <p>Floats are combined as doubles, and each result is rounded to its type once. For a sum, a product and a quotient of
 * two binary32 this gives the bits of binary32 arithmetic: a double has more than twice the digits.
 *
 * @see <a href="https://doi.org/10.1145/221332.221334">Figueroa 1995, When is double rounding innocuous?</a>
 */
final class Folds {
    private Folds() {}

    static void fold(final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        if (type.isFloat()) {
            foldFloats(op, type, source, target, n);
        } else {
            foldIntegers(op, type, source, target, n);
        }
    }

    static void widen(final DataType type, final long source, final long target, final int n) {
        for (int i = 0; i < n; i++) {
            putFloat(DataType.FLOAT32, target, i, getFloat(type, source, i));
        }
    }

    static void finish(
            final ReduceOp op,
            final DataType type,
            final long source,
            final long target,
            final int n,
            final int ranks) {
        final boolean isMean = op == ReduceOp.AVG;
        if (type.isFloat()) {
            final DataType wide = type.wide();
            for (int i = 0; i < n; i++) {
                final double sum = getFloat(wide, source, i);
                // of 16 bits: the quotient is a binary32, and is rounded to its type after that
                final double value = !isMean ? sum : wide == DataType.FLOAT32 ? (float) (sum / ranks) : sum / ranks;
                putFloat(type, target, i, value);
            }
        } else {
            for (int i = 0; i < n; i++) {
                final long sum = getInteger(type, source, i);
                putInteger(type, target, i, isMean ? sum / ranks : sum);
            }
        }
    }

    private static void foldFloats(
            final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        final DataType wide = type.wide();
        switch (op) {
            case SUM, AVG -> {
                for (int i = 0; i < n; i++) {
                    putFloat(wide, target, i, getFloat(wide, target, i) + getFloat(type, source, i));
                }
            }
            case PROD -> {
                for (int i = 0; i < n; i++) {
                    putFloat(wide, target, i, getFloat(wide, target, i) * getFloat(type, source, i));
                }
            }
            case MIN -> {
                for (int i = 0; i < n; i++) {
                    putFloat(wide, target, i, least(getFloat(wide, target, i), getFloat(type, source, i)));
                }
            }
            case MAX -> {
                for (int i = 0; i < n; i++) {
                    putFloat(wide, target, i, greatest(getFloat(wide, target, i), getFloat(type, source, i)));
                }
            }
            default -> throw new IllegalArgumentException(op + " of " + type);
        }
    }

    private static void foldIntegers(
            final ReduceOp op, final DataType type, final long source, final long target, final int n) {
        switch (op) {
            case SUM, AVG -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, getInteger(type, target, i) + getInteger(type, source, i));
                }
            }
            case PROD -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, getInteger(type, target, i) * getInteger(type, source, i));
                }
            }
            case MIN -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, Math.min(getInteger(type, target, i), getInteger(type, source, i)));
                }
            }
            case MAX -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, Math.max(getInteger(type, target, i), getInteger(type, source, i)));
                }
            }
            case BAND -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, getInteger(type, target, i) & getInteger(type, source, i));
                }
            }
            case BOR -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, getInteger(type, target, i) | getInteger(type, source, i));
                }
            }
            case BXOR -> {
                for (int i = 0; i < n; i++) {
                    putInteger(type, target, i, getInteger(type, target, i) ^ getInteger(type, source, i));
                }
            }
            default -> throw new IllegalArgumentException(op + " of " + type);
        }
    }

    /** As {@link Math#min}, with one NaN for all: the bits do not depend on the order of contributions. */
    private static double least(final double a, final double b) {
        final double least = Math.min(a, b);
        return Double.isNaN(least) ? Double.NaN : least;
    }

    private static double greatest(final double a, final double b) {
        final double greatest = Math.max(a, b);
        return Double.isNaN(greatest) ? Double.NaN : greatest;
    }

    private static double getFloat(final DataType type, final long address, final int i) {
        return switch (type) {
            case FLOAT64 -> UnsafeApi.getDouble(address + 8L * i);
            case FLOAT16 -> Halves.ofFloat16(UnsafeApi.getShort(address + 2L * i));
            case BFLOAT16 -> Halves.ofBfloat16(UnsafeApi.getShort(address + 2L * i));
            default -> UnsafeApi.getFloat(address + 4L * i);
        };
    }

    private static void putFloat(final DataType type, final long address, final int i, final double value) {
        switch (type) {
            case FLOAT64 -> UnsafeApi.putDouble(address + 8L * i, value);
            case FLOAT16 -> UnsafeApi.putShort(address + 2L * i, Halves.toFloat16((float) value));
            case BFLOAT16 -> UnsafeApi.putShort(address + 2L * i, Halves.toBfloat16((float) value));
            default -> UnsafeApi.putFloat(address + 4L * i, (float) value);
        }
    }

    private static long getInteger(final DataType type, final long address, final int i) {
        return switch (type) {
            case INT8 -> UnsafeApi.getByte(address + i);
            case UINT8 -> UnsafeApi.getByte(address + i) & 0xFF;
            case INT32 -> UnsafeApi.getInt(address + 4L * i);
            default -> UnsafeApi.getLong(address + 8L * i);
        };
    }

    private static void putInteger(final DataType type, final long address, final int i, final long value) {
        switch (type) {
            case INT8, UINT8 -> UnsafeApi.putByte(address + i, (byte) value);
            case INT32 -> UnsafeApi.putInt(address + 4L * i, (int) value);
            default -> UnsafeApi.putLong(address + 8L * i, value);
        }
    }
}
