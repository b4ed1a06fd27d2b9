package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VoteTallyTest {
    private static Call vote(final long count, final TiePolicy ties, final long step) {
        return new Call().set(ReduceOp.MAJORITY, DataType.SIGN, count, step).policies(ZeroPolicy.RANDOM, ties);
    }

    private static TallyHarness harness() {
        return new TallyHarness(new VoteTally(new ScalarKernels(), TallyHarness.SEED, TallyHarness.COMMUNICATOR));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 15, 16, 255})
    void shouldReuseItsRingOverChunksAndRounds(final int ranks) {
        try (TallyHarness harness = harness()) {
            for (int round = 0; round < 6; round++) {
                final int window = 1 << round % 4;
                harness.run(vote(20_000 + round * 63, TiePolicy.RANDOM, round), ranks, 128, window, 100 + round);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ZERO", mode = EnumSource.Mode.EXCLUDE)
    void shouldDecideAndCountTies(final TiePolicy ties) {
        try (TallyHarness harness = harness()) {
            harness.run(vote(50_000, ties, 1), 2, 416, 4, 5);

            assertEquals(25_000, harness.tally().ties(), 1_000);
            harness.run(vote(50_000, ties, 1), 3, 416, 4, 5);
            assertEquals(0, harness.tally().ties());
        }
    }

    @Test
    void shouldGoFromLargeToSmallCallsAndBackInTheMemoryOfTheLargest() {
        try (TallyHarness harness = harness()) {
            harness.run(vote(300_000, TiePolicy.RANDOM, 1), 5, 8128, 8, 1);
            final long length = OffHeapLength.of(harness.tally());
            harness.run(vote(1, TiePolicy.RANDOM, 2), 5, 8128, 1, 2);
            harness.run(vote(1025, TiePolicy.RANDOM, 3), 2, 416, 2, 3);
            harness.run(vote(300_000, TiePolicy.RANDOM, 4), 5, 8128, 8, 4);

            assertEquals(length, OffHeapLength.of(harness.tally()));
        }
    }

    @Test
    void shouldHoldPlanesForTheOpenChunksOnly() {
        try (TallyHarness harness = harness()) {
            harness.run(vote(64 * 1024, TiePolicy.RANDOM, 1), 7, 128, 4, 1);

            final long planes = 3 * 128 * 4;
            assertTrue(OffHeapLength.of(harness.tally()) <= planes + 128, "bytes=" + OffHeapLength.of(harness.tally()));
        }
    }
}
