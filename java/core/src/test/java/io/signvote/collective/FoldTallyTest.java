package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoldTallyTest {
    private static Call sum(final long count) {
        return new Call().set(ReduceOp.SUM, DataType.FLOAT32, count, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 255})
    void shouldAddInRankOrderWhateverComesFirst(final int ranks) {
        try (TallyHarness harness = new TallyHarness(new FoldTally(new ScalarKernels()))) {
            for (int round = 0; round < 6; round++) {
                harness.run(sum(3_000 + round), ranks, 416, 1 << round % 4, 10 + round);
            }
            assertEquals(0, harness.tally().ties());
        }
    }

    @Test
    void shouldMakeARankWaitForThoseBeforeIt() {
        final Chunking chunking = new Chunking();
        chunking.set(DataType.FLOAT32, 256, 2, 1024);

        try (OffHeap memory = new OffHeap(2 * 1024);
                FoldTally tally = new FoldTally(new ScalarKernels())) {
            tally.begin(sum(256), chunking, 2, 1, memory.address());

            assertFalse(tally.isTurn(0, 1));
            assertTrue(tally.isTurn(0, 0));
            assertFalse(tally.add(0, 0, 0, memory.address() + 1024));
            assertFalse(tally.isTurn(0, 0));
            assertTrue(tally.isTurn(0, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AVG, FLOAT16",
        "PROD, BFLOAT16",
        "MIN, FLOAT16",
        "AVG, FLOAT64",
        "AVG, INT8",
        "MAX, UINT8",
        "BXOR, INT64",
        "BOR, SIGN"
    })
    void shouldCombineWhateverComesFirst(final ReduceOp op, final DataType type) {
        try (TallyHarness harness = new TallyHarness(new FoldTally(new ScalarKernels()))) {
            for (int round = 0; round < 4; round++) {
                final Call call = new Call().set(op, type, 3_000 + round, 0);
                harness.run(call, 3 + round, 416, 1 << round, 10 + round);
            }
        }
    }

    @Test
    void shouldTakeAddendsInAnyOrderWhereItDoesNotMatter() {
        final Chunking chunking = new Chunking();
        chunking.set(DataType.INT32, 256, 3, 1024);

        try (OffHeap memory = new OffHeap(2 * 1024);
                FoldTally tally = new FoldTally(new ScalarKernels())) {
            tally.begin(new Call().set(ReduceOp.SUM, DataType.INT32, 256, 0), chunking, 3, 1, memory.address());

            assertTrue(tally.isTurn(0, 2));
            assertFalse(tally.add(0, 0, 0, memory.address() + 1024));
            assertTrue(tally.isTurn(0, 1));
        }
    }

    @Test
    void shouldCopyASingleContributionOfAnyPayload() {
        final Chunking chunking = new Chunking();
        final Call call = new Call().set(Collective.BROADCAST, null, DataType.SIGN, 100, 0, 5);
        chunking.set(DataType.SIGN, 100, 8, 1024);

        try (OffHeap memory = new OffHeap(32);
                FoldTally tally = new FoldTally(new ScalarKernels())) {
            UnsafeApi.putLong(memory.address() + 16, 0x7FC0_0001_7FC0_0001L);
            UnsafeApi.putLong(memory.address() + 24, -1L >>> 28);
            tally.begin(call, chunking, 1, 1, memory.address());

            assertTrue(tally.isTurn(0, 5));
            assertEquals(memory.address(), tally.place(0, 0));
            assertTrue(tally.add(0, 0, 0, memory.address() + 16));
            assertEquals(0x7FC0_0001_7FC0_0001L, UnsafeApi.getLong(memory.address()));
            assertEquals(-1L >>> 28, UnsafeApi.getLong(memory.address() + 8));
        }
    }
}
