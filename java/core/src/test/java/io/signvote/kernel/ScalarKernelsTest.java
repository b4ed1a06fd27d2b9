package io.signvote.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle, against examples worked by hand and a tally that counts votes one by one. */
class ScalarKernelsTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    private static final long DIRTY = 0xDEAD_BEEF_DEAD_BEEFL;

    private final ScalarKernels kernels = new ScalarKernels();
    private final OffHeap a = new OffHeap(4096);
    private final OffHeap b = new OffHeap(4096);
    private final OffHeap words = new OffHeap(4096);

    @AfterEach
    void free() {
        a.close();
        b.close();
        words.close();
    }

    @Test
    void shouldCallItselfScalar() {
        assertEquals("scalar", kernels.name());
    }

    @Test
    void shouldPackNegativesAsOnesFromTheLeastSignificantBitUp() {
        putFloats(a, -1, 2, -3, 4, 5, -Float.MIN_VALUE, -Float.MAX_VALUE);
        putWords(words, DIRTY);

        final long odd = kernels.packSigns(a.address(), words.address(), 7, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(0, odd);
        assertEquals(0b1100101, wordAt(words, 0));
    }

    @Test
    void shouldCarryCoordinate64InBit0OfWord1() {
        for (int i = 0; i < 65; i++) {
            UnsafeApi.putFloat(a.address() + 4L * i, i >= 63 ? -1 : 1);
        }
        putWords(words, DIRTY, DIRTY);

        kernels.packSigns(a.address(), words.address(), 65, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(1L << 63, wordAt(words, 0));
        assertEquals(1, wordAt(words, 1));
    }

    @Test
    void shouldCountZerosAndWhatIsNotFiniteAndVoteForThemPositive() {
        putFloats(a, 0.0f, -0.0f, NAN, -INF, INF, -1, -0.0f);

        final long odd = kernels.packSigns(a.address(), words.address(), 7, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(3L << 32 | 3, odd);
        assertEquals(0b0100000, wordAt(words, 0));
    }

    @Test
    void shouldDrawTheLotOfTheLaneForZerosAndWhatIsNotFinite() {
        // lots(0, 1) = 6e789e6aa1b965f4, as SplitMix64 is published: its low byte is 11110100
        putFloats(a, 0.0f, -0.0f, NAN, -1, 1, INF, -INF, 0);

        kernels.packSigns(a.address(), words.address(), 8, ZeroPolicy.RANDOM, 0, 1);

        assertEquals(0b11101100, wordAt(words, 0));
    }

    @Test
    void shouldAdvanceMomentumByTwoProductsAndASum() {
        putFloats(a, 1.0f, -1.0f, 0.3f);
        putFloats(b, -1.0f, 0.25f, 0.7f);

        final long odd = kernels.momentumPackSigns(
                a.address(), b.address(), words.address(), 3, 0.5f, 0.25f, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(0, odd);
        assertArrayEquals(new float[] {-0.25f, -0.125f, 0.5f * 0.7f + 0.25f * 0.3f}, floats(b, 3));
        assertEquals(0b011, wordAt(words, 0));
    }

    @Test
    void shouldRoundEveryOperationOfMomentumOnce() {
        // a fused multiply-add would leave the rounding error of the product, -2^-46
        final float x = 1 + 0x1p-23f;
        putFloats(a, -(1 + 0x1p-22f));
        putFloats(b, x);

        final long odd = kernels.momentumPackSigns(
                a.address(), b.address(), words.address(), 1, x, 1, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(1, odd, "counted as a zero");
        assertArrayEquals(new float[] {0}, floats(b, 1));
    }

    @Test
    void shouldLeaveMomentumAloneWhereTheGradientIsNotFiniteAndVoteAsForAZero() {
        putFloats(a, NAN, INF, -INF, 1, NAN);
        putFloats(b, -2, 3, -4, -8, 0);

        final long odd = kernels.momentumPackSigns(
                a.address(), b.address(), words.address(), 5, 0.5f, 0.5f, ZeroPolicy.RANDOM, 0, 1);

        assertEquals(4L << 32, odd);
        assertArrayEquals(new float[] {-2, 3, -4, -3.5f, 0}, floats(b, 5));
        // lots 10100, and the vote of coordinate 3
        assertEquals(0b11100, wordAt(words, 0));
    }

    @Test
    void shouldWriteMomentumBelowTheSmallestNormalAsPositiveZero() {
        final float below = Float.MIN_NORMAL - Float.MIN_VALUE;
        putFloats(a, -Float.MIN_NORMAL, Float.MIN_NORMAL, -below, below, -Float.MIN_VALUE, -0.0f, 1);
        putFloats(b, -1, -1, -1, -1, -1, -1, -1);

        final long odd =
                kernels.momentumPackSigns(a.address(), b.address(), words.address(), 7, 0, 1, ZeroPolicy.RANDOM, 0, 1);

        assertEquals(4, odd);
        assertArrayEquals(new float[] {-Float.MIN_NORMAL, Float.MIN_NORMAL, 0, 0, 0, 0, 1}, floats(b, 7));
        // the votes of coordinates 6, 1 and 0, and lots 1101 between
        assertEquals(0b0_1101_01, wordAt(words, 0));
    }

    @Test
    void shouldRoundOnlyTheResultOfMomentumToZero() {
        // both products are denormal, their sum is not
        putFloats(a, 1.25f * Float.MIN_NORMAL);
        putFloats(b, 1.5f * Float.MIN_NORMAL);

        final long odd = kernels.momentumPackSigns(
                a.address(), b.address(), words.address(), 1, 0.5f, 0.5f, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(0, odd);
        assertArrayEquals(new float[] {1.375f * Float.MIN_NORMAL}, floats(b, 1));
    }

    @Test
    void shouldLeaveDenormalMomentumAloneWhereTheGradientIsNotFinite() {
        putFloats(a, NAN, INF, 0);
        putFloats(b, -3 * Float.MIN_VALUE, -0.0f, -3 * Float.MIN_VALUE);

        final long odd = kernels.momentumPackSigns(
                a.address(), b.address(), words.address(), 3, 0.5f, 0.5f, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(2L << 32 | 1, odd);
        assertArrayEquals(new float[] {-3 * Float.MIN_VALUE, -0.0f, 0}, floats(b, 3));
        assertEquals(0, wordAt(words, 0));
    }

    @Test
    void shouldVoteAsForAZeroWhereMomentumIsNotFinite() {
        putFloats(a, 1, 1, 1);
        putFloats(b, -INF, NAN, -4);

        final long odd = kernels.momentumPackSigns(
                a.address(), b.address(), words.address(), 3, 0.5f, 0.5f, ZeroPolicy.POSITIVE, 0, 0);

        assertEquals(2L << 32, odd);
        assertEquals(0b100, wordAt(words, 0));
    }

    @Test
    void shouldUnpackOnesAsMinusOne() {
        putWords(words, ~0b101L);
        putFloats(a, 9, 9, 9, 9);

        kernels.unpackSigns(words.address(), a.address(), 3);

        assertArrayEquals(new float[] {1, -1, 1, 9}, floats(a, 4));
    }

    @Test
    void shouldCountBallotsInBitsOfPlanes() {
        putWords(a, DIRTY, DIRTY, DIRTY, DIRTY);
        final long[] ballots = {0b111, 0b011, 0b001};

        for (int counted = 0; counted < 3; counted++) {
            putWords(words, ballots[counted]);
            kernels.accumulate(words.address(), a.address(), 2, 1, counted);
        }

        assertEquals(0b101, wordAt(a, 0), "counts 3, 2, 1: bit 0");
        assertEquals(0b011, wordAt(a, 2), "counts 3, 2, 1: bit 1");
        assertEquals(DIRTY, wordAt(a, 1), "between the planes");
        assertEquals(DIRTY, wordAt(a, 3), "between the planes");
    }

    @ParameterizedTest
    @CsvSource({"POSITIVE, 0011", "NEGATIVE, 0111", "RANDOM, 0111"})
    void shouldBreakTiesByPolicy(final TiePolicy policy, final String verdict) {
        // four ballots: coordinate 0 has 4 negatives, 1 has 3, 2 has 2, 3 has none; lot of lane 2 of lots(0, 1) is 1
        putWords(a, 0b0010, 0b0110, 0b0001);

        final int ties = kernels.majority(a.address(), 1, words.address(), 4, 4, policy, 0, 1);

        assertEquals(1, ties);
        assertEquals(Long.parseLong(verdict, 2), wordAt(words, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 127, 128, 129, 254, 255})
    void shouldAgreeWithCountingVotesOneByOne(final int worldSize) {
        final int n = 130;
        final int[] negatives = new int[n];
        for (int counted = 0; counted < worldSize; counted++) {
            for (int w = 0; w < 3; w++) {
                final long ballot = Lot.lots(Lot.key(worldSize, counted, 0, 0), w);
                UnsafeApi.putLong(words.address() + 8L * w, ballot);
                for (int i = 64 * w; i < Math.min(n, 64 * w + 64); i++) {
                    negatives[i] += (int) (ballot >>> i & 1);
                }
            }
            kernels.accumulate(words.address(), a.address(), 3, 3, counted);
        }

        final int ties = kernels.majority(a.address(), 3, a.address(), n, worldSize, TiePolicy.NEGATIVE, 0, 0);

        int expectedTies = 0;
        for (int i = 0; i < n; i++) {
            expectedTies += 2 * negatives[i] == worldSize ? 1 : 0;
            assertEquals(2 * negatives[i] >= worldSize ? 1 : 0, wordAt(a, i / 64) >>> i & 1, "coordinate " + i);
        }
        assertEquals(expectedTies, ties);
        assertEquals(0, wordAt(a, 2) >>> 2, "tail");
    }

    @Test
    void shouldStepAgainstTheVerdictAndDecay() {
        putWords(words, ~0b001L);
        putFloats(a, 1, 1, -2, 7);

        kernels.applySigns(words.address(), a.address(), 3, 0.5f, 0.25f);

        assertArrayEquals(new float[] {0.375f, 1.375f, -1.25f, 7}, floats(a, 4));
    }

    @Test
    void shouldTakeNoShortcutWithoutDecay() {
        putWords(words, 0b01);
        putFloats(a, INF, NAN);

        kernels.applySigns(words.address(), a.address(), 2, 0.5f, 0);

        // 0 * infinity is NaN
        assertArrayEquals(new float[] {NAN, NAN}, floats(a, 2));
    }

    @Test
    void shouldAddInPlace() {
        putFloats(a, 1, 2, 3);
        putFloats(b, 10, 20, 30);

        kernels.add(a.address(), b.address(), 2);

        assertArrayEquals(new float[] {11, 22, 30}, floats(b, 3));
    }

    private static void putFloats(final OffHeap memory, final float... values) {
        for (int i = 0; i < values.length; i++) {
            UnsafeApi.putFloat(memory.address() + 4L * i, values[i]);
        }
    }

    private static void putWords(final OffHeap memory, final long... values) {
        for (int i = 0; i < values.length; i++) {
            UnsafeApi.putLong(memory.address() + 8L * i, values[i]);
        }
    }

    private static float[] floats(final OffHeap memory, final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = UnsafeApi.getFloat(memory.address() + 4L * i);
        }
        return values;
    }

    private static long wordAt(final OffHeap memory, final int index) {
        return UnsafeApi.getLong(memory.address() + 8L * index);
    }
}
