package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory of rank 2 of 3, whose root is rank 2 or another. */
class CallMemoryTest {
    private static final int RANK = 2;
    private static final int RANKS = 3;
    private static final long COUNT = 100;

    @ParameterizedTest
    @CsvSource({
        "ALLREDUCE, -1, 1, 1, 0",
        "REDUCE, 2, 1, 1, 0",
        "BROADCAST, 2, 1, 1, 0",
        "ALLGATHER, -1, 1, 3, -2",
        "REDUCESCATTER, -1, 3, 1, 2",
        "GATHER, 2, 1, 3, -2",
        "SCATTER, 2, 3, 1, 2",
        "ALLTOALL, -1, 3, 3, 0",
    })
    void shouldPutTheSmallerSideAtTheBlockOfTheRank(
            final PerfCollective collective,
            final int root,
            final int sourceBlocks,
            final int targetBlocks,
            final int blocksFromSourceToTarget) {
        for (final DataType type : new DataType[] {DataType.FLOAT16, DataType.SIGN}) {
            final long blockLength = type == DataType.SIGN ? 16 : 200;
            final long blockCount = type == DataType.SIGN ? 128 : 100;
            try (CallMemory memory = memory(collective, root, type, true);
                    CallMemory apart = memory(collective, root, type, false)) {
                assertEquals(blocksFromSourceToTarget * blockLength, memory.target() - memory.source());
                assertEquals(
                        sourceBlocks == 1 ? COUNT : 3 * blockCount,
                        memory.sources().count());
                assertEquals(
                        targetBlocks == 1 ? COUNT : 3 * blockCount,
                        memory.targets().count());
                assertNotEquals(apart.source(), apart.target());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"REDUCE, 1, 0", "GATHER, 1, 0", "SCATTER, 0, 1"})
    void shouldHaveOneSideOnARankThatIsNotTheRoot(
            final PerfCollective collective, final int sourceBlocks, final int targetBlocks) {
        try (CallMemory memory = memory(collective, 0, DataType.INT32, true)) {
            assertEquals(sourceBlocks, memory.sourceBlocks());
            assertEquals(targetBlocks, memory.targetBlocks());
            assertNotEquals(memory.source(), memory.target());
            assertNull(sourceBlocks == 0 ? memory.sources() : memory.targets());
        }
    }

    private static CallMemory memory(
            final PerfCollective collective, final int root, final DataType type, final boolean isInPlace) {
        final ReduceOp op = collective.isReduction() ? ReduceOp.MAX : null;
        return new CallMemory(new Contender(collective, type, op, root), RANK, RANKS, COUNT, isInPlace);
    }
}
