package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Context;
import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedResultTest {
    private static final long SEED = 42;
    private static final long STEP = 7;
    private static final long LOT_SEED = 9;
    private static final Ties TIES = new Ties(new Context().seed(LOT_SEED).tiePolicy(TiePolicy.RANDOM), STEP);
    private static final long[] COUNTS = {1, 63, 64, 65, 1000};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 64, 254, 255})
    void shouldAgreeWithACountOfEveryVote(final int worldSize) {
        for (final long count : COUNTS) {
            try (OffHeap verdict = new OffHeap(Words.length(count));
                    OffHeap floats = new OffHeap(count << 2)) {
                final long ties = countEveryVote(worldSize, count, verdict.address(), floats.address(), false);
                final ExpectedResult expected = new ExpectedResult(SEED, STEP, worldSize, TIES);

                assertEquals(0, expected.wrongReduced(ReduceOp.MAJORITY, DataType.SIGN, 0, verdict.address(), count));
                assertEquals(0, expected.wrongReduced(ReduceOp.MAJORITY, DataType.FLOAT32, 0, floats.address(), count));

                // the opposite of everything is wrong everywhere, ties included
                countEveryVote(worldSize, count, verdict.address(), floats.address(), true);

                assertEquals(
                        count, expected.wrongReduced(ReduceOp.MAJORITY, DataType.SIGN, 0, verdict.address(), count));
                assertEquals(
                        count, expected.wrongReduced(ReduceOp.MAJORITY, DataType.FLOAT32, 0, floats.address(), count));
                assertTrue(worldSize % 2 == 0 || ties == 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void shouldAddInRankOrder(final int worldSize) {
        final int count = 1000;
        try (OffHeap sums = new OffHeap(count << 2)) {
            for (int i = 0; i < count; i++) {
                float sum = new Ballots(SEED, STEP, 0).value(i);
                for (int rank = 1; rank < worldSize; rank++) {
                    sum += new Ballots(SEED, STEP, rank).value(i);
                }
                UnsafeApi.putFloat(sums.address() + (i << 2), sum);
            }
            final ExpectedResult expected = new ExpectedResult(SEED, STEP, worldSize, TIES);

            assertEquals(0, expected.wrongReduced(ReduceOp.SUM, DataType.FLOAT32, 0, sums.address(), count));

            final long last = sums.address() + (count - 1 << 2);
            UnsafeApi.putInt(last, UnsafeApi.getInt(last) ^ 1);

            assertEquals(1, expected.wrongReduced(ReduceOp.SUM, DataType.FLOAT32, 0, sums.address(), count));
        }
    }

    @Test
    void shouldSeeTheOrderOfASum() {
        final int count = 1000;
        final int worldSize = 5;
        try (OffHeap sums = new OffHeap(count << 2)) {
            for (int i = 0; i < count; i++) {
                float sum = 0;
                for (int rank = worldSize - 1; rank >= 0; rank--) {
                    sum += new Ballots(SEED, STEP, rank).value(i);
                }
                UnsafeApi.putFloat(sums.address() + (i << 2), sum);
            }

            assertNotEquals(
                    0,
                    new ExpectedResult(SEED, STEP, worldSize, TIES)
                            .wrongReduced(ReduceOp.SUM, DataType.FLOAT32, 0, sums.address(), count));
        }
    }

    @Test
    void shouldCountDirtyTailBits() {
        try (OffHeap verdict = new OffHeap(8)) {
            new Ballots(SEED, STEP, 0).write(DataType.SIGN, verdict.address(), 0, 10);
            final ExpectedResult expected = new ExpectedResult(SEED, STEP, 1, TIES);

            assertEquals(0, expected.wrongReduced(ReduceOp.MAJORITY, DataType.SIGN, 0, verdict.address(), 10));

            UnsafeApi.putLong(verdict.address(), UnsafeApi.getLong(verdict.address()) | 1L << 40 | 1L << 63);

            assertEquals(2, expected.wrongReduced(ReduceOp.MAJORITY, DataType.SIGN, 0, verdict.address(), 10));
        }
    }

    @Test
    void shouldRefuseVerdictsThatAreNoSigns() {
        try (OffHeap verdict = new OffHeap(8)) {
            UnsafeApi.putFloat(verdict.address(), Float.NaN);
            UnsafeApi.putFloat(verdict.address() + 4, 0.0f);

            assertEquals(
                    2,
                    new ExpectedResult(SEED, STEP, 2, TIES)
                            .wrongReduced(ReduceOp.MAJORITY, DataType.FLOAT32, 0, verdict.address(), 2));
        }
    }

    @Test
    void shouldGiveFloatsTheSignsOfTheBallot() {
        final Ballots ballots = new Ballots(SEED, STEP, 3);
        long negative = 0;
        for (long i = 0; i < 6400; i++) {
            final float value = ballots.value(i);
            final boolean isNegative = (ballots.signs(i / 64) >>> i % 64 & 1) == 1;

            assertEquals(isNegative, value < 0);
            assertTrue(Math.abs(value) >= 1 && Math.abs(value) < 2, "value " + value);
            negative += isNegative ? 1 : 0;
        }
        assertTrue(negative > 3000 && negative < 3400, "negative " + negative);
    }

    @ParameterizedTest
    @EnumSource(names = "ZERO", mode = EnumSource.Mode.EXCLUDE)
    void shouldLetTiesFallAsThePolicySays(final TiePolicy policy) {
        final Ties ties = new Ties(new Context().seed(LOT_SEED).tiePolicy(policy), STEP);

        final long expected = switch (policy) {
            case POSITIVE -> 0L;
            case NEGATIVE -> -1L;
            default -> lots(3);
        };
        assertEquals(expected, ties.signs(3));
    }

    @Test
    void shouldCountWrongElementsOfAPart() {
        final ExpectedResult expected = new ExpectedResult(SEED, STEP, 3, TIES);
        try (OffHeap part = new OffHeap(8 * 128)) {
            for (final DataType type : DataType.values()) {
                new Ballots(SEED, STEP, 2).write(type, part.address(), 64, 100);

                assertEquals(0, expected.wrongCopied(2, type, 64, part.address(), 100), type.name());
                assertTrue(expected.wrongCopied(1, type, 64, part.address(), 100) > 30, type.name());
                assertTrue(expected.wrongCopied(2, type, 0, part.address(), 100) > 30, type.name());
            }
        }
    }

    @Test
    void shouldCombineAHandfulOfNumbersAsByHand() {
        final long coordinate = 17;
        final Ballots[] ranks = {new Ballots(SEED, STEP, 0), new Ballots(SEED, STEP, 1), new Ballots(SEED, STEP, 2)};
        final int[] ints = new int[3];
        final float[] floats = new float[3];
        for (int rank = 0; rank < 3; rank++) {
            ints[rank] = (byte) ranks[rank].bits(DataType.INT8, coordinate);
            floats[rank] = ranks[rank].value(coordinate);
        }
        final int and = ints[0] & ints[1] & ints[2];
        final int or = ints[0] | ints[1] | ints[2];
        final int xor = ints[0] ^ ints[1] ^ ints[2];

        assertResult(ReduceOp.SUM, DataType.INT8, coordinate, (byte) (ints[0] + ints[1] + ints[2]));
        assertResult(ReduceOp.AVG, DataType.INT8, coordinate, (byte) (ints[0] + ints[1] + ints[2]) / 3);
        assertResult(ReduceOp.AVG, DataType.UINT8, coordinate, (ints[0] + ints[1] + ints[2] & 0xFF) / 3);
        assertResult(ReduceOp.PROD, DataType.INT8, coordinate, (byte) (ints[0] * ints[1] * ints[2]));
        assertResult(ReduceOp.MIN, DataType.INT8, coordinate, Math.min(ints[0], Math.min(ints[1], ints[2])));
        assertResult(
                ReduceOp.MAX,
                DataType.UINT8,
                coordinate,
                Math.max(ints[0] & 0xFF, Math.max(ints[1] & 0xFF, ints[2] & 0xFF)));
        assertResult(ReduceOp.BAND, DataType.INT8, coordinate, and);
        assertResult(ReduceOp.BOR, DataType.INT8, coordinate, or);
        assertResult(ReduceOp.BXOR, DataType.INT8, coordinate, xor);
        assertResult(
                ReduceOp.AVG,
                DataType.FLOAT32,
                coordinate,
                Float.floatToRawIntBits((floats[0] + floats[1] + floats[2]) / 3));
        assertResult(
                ReduceOp.PROD,
                DataType.FLOAT32,
                coordinate,
                Float.floatToRawIntBits(floats[0] * floats[1] * floats[2]));
    }

    private static void assertResult(final ReduceOp op, final DataType type, final long coordinate, final long bits) {
        final ExpectedResult expected = new ExpectedResult(SEED, STEP, 3, TIES);
        try (OffHeap result = new OffHeap(8)) {
            Numbers.put(type, result.address(), 0, bits);
            assertEquals(0, expected.wrongReduced(op, type, coordinate, result.address(), 1), op + " of " + type);
            Numbers.put(type, result.address(), 0, bits ^ 1);
            assertEquals(1, expected.wrongReduced(op, type, coordinate, result.address(), 1), op + " of " + type);
        }
    }

    private static long lots(final long word) {
        return Lot.lots(Lot.key(LOT_SEED, 0, STEP, -1), word);
    }

    /** Ties fall by lot, and the other way in the opposite. */
    private static long countEveryVote(
            final int worldSize, final long count, final long words, final long floats, final boolean isOpposite) {
        UnsafeApi.setMemory(words, Words.length(count), (byte) 0);
        long ties = 0;
        for (long i = 0; i < count; i++) {
            int sum = 0;
            for (int rank = 0; rank < worldSize; rank++) {
                sum += (new Ballots(SEED, STEP, rank).signs(i >>> 6) >>> i & 1) == 1 ? -1 : 1;
            }
            ties += sum == 0 ? 1 : 0;
            final boolean isNegative = (sum < 0 || sum == 0 && (lots(i >>> 6) >>> i & 1) == 1) ^ isOpposite;
            if (isNegative) {
                final long word = words + (i >>> 6 << 3);
                UnsafeApi.putLong(word, UnsafeApi.getLong(word) | 1L << i);
            }
            UnsafeApi.putFloat(floats + (i << 2), isNegative ? -1 : 1);
        }
        return ties;
    }
}
