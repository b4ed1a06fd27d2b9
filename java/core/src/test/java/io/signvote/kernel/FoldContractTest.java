package io.signvote.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.ZeroPolicy;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.UnsafeApi;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Native kernels for numbers of any type give the bits of {@link ScalarKernels}, at any size and aligned address, and
 * write only their target. NaNs equal one another where the contract leaves their bits open.
 */
@ParameterizedClass
@EnumSource(
        value = Backend.class,
        names = {"NATIVE_SCALAR", "NATIVE_AVX2"})
class FoldContractTest {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 1_003};

    /** Distances of an address from a multiple of 64, in elements. */
    private static final int[] OFFSETS = {0, 1, 3};

    private static final int[] RANKS = {1, 2, 3, 7, 128, 255};
    private static final int HALVES = 1 << 16;

    private final Kernels oracle = new ScalarKernels();
    private final SplittableRandom random = new SplittableRandom(1_113);

    @Parameter
    private Backend backend;

    @ParameterizedTest
    @MethodSource("reductions")
    void shouldFold(final ReduceOp op, final DataType type) {
        final Kernels kernels = backend.kernels();
        for (final int n : SIZES) {
            for (final int offset : OFFSETS) {
                final String what = op + " of " + type + " n=" + n + " offset=" + offset;
                final boolean isAnyNaN = op == ReduceOp.SUM || op == ReduceOp.AVG || op == ReduceOp.PROD;
                final FencedMemory[] target = pair(type.wide(), n, offset);
                try (FencedMemory source = new FencedMemory(type.sizeOf(n), (offset + 1) * type.size())) {
                    fill(type, n, source.address());

                    oracle.fold(op, type, source.address(), target[0].address(), n);
                    kernels.fold(op, type, source.address(), target[1].address(), n);

                    source.assertFencesStand(what);
                }
                assertSame(type.wide(), n, isAnyNaN, target, what);
            }
        }
    }

    /** Each of the 65,536 floats of 16 bits, onto each of a few floats. */
    @ParameterizedTest
    @MethodSource("halvesAndReductions")
    void shouldFoldEveryHalf(final ReduceOp op, final DataType type) {
        final Kernels kernels = backend.kernels();
        try (FencedMemory source = new FencedMemory(2L * HALVES, 2)) {
            fillEveryHalf(source.address());
            for (final float before : new float[] {0.0f, -0.0f, 1.5f, -3e38f, Float.MIN_VALUE, Float.NaN}) {
                final FencedMemory[] target = pair(DataType.FLOAT32, HALVES, 1);
                for (int i = 0; i < HALVES; i++) {
                    UnsafeApi.putFloat(target[0].address() + 4L * i, before);
                    UnsafeApi.putFloat(target[1].address() + 4L * i, before);
                }

                oracle.fold(op, type, source.address(), target[0].address(), HALVES);
                kernels.fold(op, type, source.address(), target[1].address(), HALVES);

                final boolean isAnyNaN = op == ReduceOp.SUM || op == ReduceOp.PROD;
                assertSame(DataType.FLOAT32, HALVES, isAnyNaN, target, op + " of every " + type + " onto " + before);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void shouldWidenEveryHalf(final DataType type) {
        final Kernels kernels = backend.kernels();
        try (FencedMemory source = new FencedMemory(2L * HALVES, 2)) {
            fillEveryHalf(source.address());
            for (final int n : new int[] {1, 7, 8, 9, 31, HALVES - 1, HALVES}) {
                final FencedMemory[] target = pair(DataType.FLOAT32, n, 1);

                oracle.widen(type, source.address(), target[0].address(), n);
                kernels.widen(type, source.address(), target[1].address(), n);

                assertSame(DataType.FLOAT32, n, false, target, "widen " + type + " n=" + n);
            }
        }
    }

    /** Around each of the 65,536 floats of 16 bits: itself, the middle to the next one, and the floats beside the middle. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void shouldRoundEveryMiddleToHalf(final DataType type) {
        final int n = 4 * HALVES;
        final int middle = type == DataType.FLOAT16 ? 0x1000 : 0x8000;
        final IntFunction<Float> value = i -> {
            final int bits = type == DataType.FLOAT16 ? belowMiddleOfFloat16(i >> 2) : i >> 2 << 16;
            return Float.intBitsToFloat(bits + ((i & 3) == 3 ? 0 : middle - 1 + (i & 3)));
        };
        try (FencedMemory source = new FencedMemory(4L * n, 4)) {
            IntStream.range(0, n).forEach(i -> UnsafeApi.putFloat(source.address() + 4L * i, value.apply(i)));

            finish(ReduceOp.SUM, type, source, n, 1);
            finish(ReduceOp.AVG, type, source, n, 3);
        }
    }

    /** Bits of the binary32 that is 0x1000 below the middle between a binary16 and the next: of normal numbers, its own. */
    private static int belowMiddleOfFloat16(final int bits) {
        final int magnitude = bits & 0x7FFF;
        final int sign = (bits & 0x8000) << 16;
        if (magnitude < 0x400) {
            // half a unit of the least digit is 2^-25
            return sign | Float.floatToRawIntBits((magnitude + 0.5f) * 0x1p-24f) - 0x1000;
        }
        return sign | (magnitude >= 0x7C00 ? 0x7F80_0000 | (magnitude & 0x3FF) << 13 : (magnitude << 13) + 0x3800_0000);
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void shouldFinish(final ReduceOp op, final DataType type) {
        final DataType wide = type.wide();
        for (final int n : SIZES) {
            for (final int ranks : RANKS) {
                try (FencedMemory source = new FencedMemory(wide.sizeOf(n), wide.size())) {
                    fill(wide, n, source.address());
                    finish(op, type, source, n, ranks);
                    source.assertFencesStand(op + " of " + type);
                }
                if (wide == type) {
                    finishInPlace(op, type, n, ranks);
                }
            }
        }
    }

    private void finish(
            final ReduceOp op, final DataType type, final FencedMemory source, final int n, final int ranks) {
        final FencedMemory[] target = pair(type, n, 1);

        oracle.finish(op, type, source.address(), target[0].address(), n, ranks);
        backend.kernels().finish(op, type, source.address(), target[1].address(), n, ranks);

        assertSame(type, n, !type.isHalf(), target, "finish " + op + " of " + type + " n=" + n + " ranks=" + ranks);
    }

    private void finishInPlace(final ReduceOp op, final DataType type, final int n, final int ranks) {
        final FencedMemory[] target = pair(type, n, 3);

        oracle.finish(op, type, target[0].address(), target[0].address(), n, ranks);
        backend.kernels().finish(op, type, target[1].address(), target[1].address(), n, ranks);

        assertSame(type, n, true, target, "finish in place " + op + " of " + type + " n=" + n + " ranks=" + ranks);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void shouldPackSignsOfAnyType(final DataType type) {
        for (final int n : SIZES) {
            for (final int offset : OFFSETS) {
                try (FencedMemory values = new FencedMemory(type.sizeOf(n), offset * type.size())) {
                    fill(type, n, values.address());
                    pack(type, values, n);
                    fillPlain(type, n, values.address());
                    pack(type, values, n);
                    values.assertFencesStand("packSigns of " + type);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void shouldPackSignsOfEveryHalf(final DataType type) {
        try (FencedMemory values = new FencedMemory(2L * HALVES, 2)) {
            fillEveryHalf(values.address());
            pack(type, values, HALVES);
        }
    }

    private void pack(final DataType type, final FencedMemory values, final int n) {
        for (final ZeroPolicy policy : new ZeroPolicy[] {ZeroPolicy.POSITIVE, ZeroPolicy.RANDOM}) {
            final String what = "packSigns of " + type + " n=" + n + " " + policy;
            final FencedMemory[] words = FencedMemory.pair(Words.length(n), 3, random);
            final long key = random.nextLong();

            final long expected = oracle.packSigns(type, values.address(), words[0].address(), n, policy, key, 5);
            final long actual =
                    backend.kernels().packSigns(type, values.address(), words[1].address(), n, policy, key, 5);

            assertEquals(Long.toHexString(expected), Long.toHexString(actual), what);
            words[1].assertSameBytes(words[0], what);
            close(words, what);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void shouldUnpackSignsOfAnyType(final DataType type) {
        final Kernels kernels = backend.kernels();
        for (final int n : SIZES) {
            for (final int offset : OFFSETS) {
                final String what = "unpackSigns of " + type + " n=" + n;
                final FencedMemory[] words = FencedMemory.pair(Words.length(n), 3, random);
                final FencedMemory[] values = pair(type, n, offset);

                oracle.unpackSigns(type, words[0].address(), values[0].address(), n);
                kernels.unpackSigns(type, words[1].address(), values[1].address(), n);

                assertSame(type, n, false, values, what);
                close(words, what);
            }
        }
    }

    /** Two blocks with the same numbers. */
    private FencedMemory[] pair(final DataType type, final int n, final int offset) {
        final FencedMemory[] pair = FencedMemory.pair(type.sizeOf(n), offset * type.size(), random);
        fill(type, n, pair[0].address());
        UnsafeApi.copyMemory(pair[0].address(), pair[1].address(), type.sizeOf(n));
        return pair;
    }

    /** A third any bits, a third special values, and a third ordinary numbers. */
    private void fill(final DataType type, final int n, final long address) {
        for (int i = 0; i < n; i++) {
            final long bits = switch (random.nextInt(3)) {
                case 0 -> random.nextLong();
                case 1 -> special(type);
                default -> plain(type);
            };
            put(type, address, i, bits);
        }
    }

    private void fillPlain(final DataType type, final int n, final long address) {
        for (int i = 0; i < n; i++) {
            put(type, address, i, plain(type));
        }
    }

    private static void fillEveryHalf(final long address) {
        for (int i = 0; i < HALVES; i++) {
            UnsafeApi.putShort(address + 2L * i, (short) i);
        }
    }

    private static void put(final DataType type, final long address, final int i, final long bits) {
        switch (type.size()) {
            case 1 -> UnsafeApi.putByte(address + i, (byte) bits);
            case 2 -> UnsafeApi.putShort(address + 2L * i, (short) bits);
            case 4 -> UnsafeApi.putInt(address + 4L * i, (int) bits);
            default -> UnsafeApi.putLong(address + 8L * i, bits);
        }
    }

    /** Bits of zeros, denormals, the greatest numbers, infinities and NaNs; of integers, bits beside the ends of the range. */
    private long special(final DataType type) {
        final long sign = random.nextInt(2) == 0 ? 0 : 1L << 8 * type.size() - 1;
        final long infinity = switch (type) {
            case FLOAT16 -> 0x7C00;
            case BFLOAT16 -> 0x7F80;
            case FLOAT32 -> 0x7F80_0000;
            default -> 0x7FF0_0000_0000_0000L;
        };
        if (!type.isFloat()) {
            return sign + random.nextInt(-1, 2);
        }
        final long leastNormal = infinity & -infinity;
        return sign
                | switch (random.nextInt(8)) {
                    case 0, 1 -> 0;
                    case 2 -> 1;
                    case 3 -> leastNormal - random.nextInt(2);
                    case 4 -> infinity - 1;
                    case 5 -> infinity;
                    case 6 -> infinity + 1;
                    default -> infinity + (leastNormal >> 1) + random.nextInt(3);
                };
    }

    /** Bits of a number that is finite and not zero. */
    private long plain(final DataType type) {
        final float value = (random.nextInt(2) == 0 ? -1 : 1) * (float) random.nextDouble(0.01, 100);
        return switch (type) {
            case FLOAT16 -> Float.floatToRawIntBits(value / 0x1p112f) >> 13 & 0x7FFF | (value < 0 ? 0x8000 : 0);
            case BFLOAT16 -> Float.floatToRawIntBits(value) >> 16;
            case FLOAT32 -> Float.floatToRawIntBits(value);
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            default -> (long) value;
        };
    }

    private static void assertSame(
            final DataType type, final int n, final boolean isAnyNaN, final FencedMemory[] pair, final String what) {
        for (int i = 0; i < n; i++) {
            final long expected = bits(type, pair[0].address(), i);
            final long actual = bits(type, pair[1].address(), i);
            if (expected != actual && !(isAnyNaN && isNaN(type, expected) && isNaN(type, actual))) {
                assertEquals(Long.toHexString(expected), Long.toHexString(actual), what + " at " + i);
            }
        }
        close(pair, what);
    }

    private static long bits(final DataType type, final long address, final int i) {
        return switch (type.size()) {
            case 1 -> UnsafeApi.getByte(address + i);
            case 2 -> UnsafeApi.getShort(address + 2L * i);
            case 4 -> UnsafeApi.getInt(address + 4L * i);
            default -> UnsafeApi.getLong(address + 8L * i);
        };
    }

    private static boolean isNaN(final DataType type, final long bits) {
        return switch (type) {
            case FLOAT32 -> Float.isNaN(Float.intBitsToFloat((int) bits));
            case FLOAT64 -> Double.isNaN(Double.longBitsToDouble(bits));
            default -> false;
        };
    }

    private static void close(final FencedMemory[] pair, final String what) {
        for (final FencedMemory memory : pair) {
            memory.assertFencesStand(what);
            memory.close();
        }
    }

    static Stream<Arguments> reductions() {
        return Stream.of(ReduceOp.values())
                .filter(op -> op != ReduceOp.MAJORITY)
                .flatMap(op -> op.types().stream()
                        .filter(type -> type != DataType.SIGN)
                        .map(type -> Arguments.of(op, type)));
    }

    static Stream<Arguments> halvesAndReductions() {
        return Stream.of(ReduceOp.SUM, ReduceOp.PROD, ReduceOp.MIN, ReduceOp.MAX)
                .flatMap(op -> Stream.of(Arguments.of(op, DataType.FLOAT16), Arguments.of(op, DataType.BFLOAT16)));
    }
}
