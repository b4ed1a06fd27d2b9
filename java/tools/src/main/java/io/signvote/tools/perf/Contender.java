package io.signvote.tools.perf;

import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;

/**
 * A call that can be measured.
 *
 * @param collective of the call.
 * @param type of the elements.
 * @param op reduction; null if the collective does not reduce.
 * @param root rank; -1 if the collective has none.
 */
record Contender(PerfCollective collective, DataType type, ReduceOp op, int root) {
    /** Majority vote, packed to packed. */
    static final Contender BITS = allReduce(DataType.SIGN, ReduceOp.MAJORITY);

    /** Majority vote, float to float: packing and unpacking are in the time. */
    static final Contender FLOATS = allReduce(DataType.FLOAT32, ReduceOp.MAJORITY);

    private static final String NONE = "none";

    /**
     * An allreduce.
     *
     * @param type of the elements.
     * @param op a reduction that takes the type.
     * @return contender.
     */
    static Contender allReduce(final DataType type, final ReduceOp op) {
        return new Contender(PerfCollective.ALLREDUCE, type, op, -1);
    }

    /** {@return column {@code type}, by the names of nccl-tests} */
    String typeName() {
        return collective.hasElements() ? Names.of(type) : NONE;
    }

    /** {@return column {@code redop}; never empty, so that a line has as many words for every collective} */
    String redop() {
        return op == null ? NONE : Names.of(op);
    }

    /**
     * Bytes of an element in the column {@code size}.
     *
     * @param type of the element.
     * @return those of the type; 4 for a sign, as it stands for a float32.
     */
    static int elementSize(final DataType type) {
        return type == DataType.SIGN ? Float.BYTES : type.size();
    }

    /**
     * Elements of a block.
     *
     * @param size bytes of all blocks of the larger side.
     * @param worldSize ranks.
     * @return column {@code count}, rounded down.
     */
    long count(final long size, final int worldSize) {
        return collective.hasElements() ? size / elementSize(type) / collective.blocks(worldSize) : 0;
    }

    /**
     * Column {@code size}.
     *
     * @param count elements of a block.
     * @param worldSize ranks.
     * @return bytes of all blocks of the larger side.
     */
    long size(final long count, final int worldSize) {
        return count * elementSize(type) * collective.blocks(worldSize);
    }

    /** {@return whether the call is an allreduce, whose payload on each link follows from the plan} */
    boolean isAllReduce() {
        return collective == PerfCollective.ALLREDUCE;
    }

    /**
     * Bytes of one rank's contribution to an allreduce on the wire, without framing.
     *
     * @param count elements.
     * @return bytes.
     */
    long wireLength(final long count) {
        return op == ReduceOp.MAJORITY ? Words.length(count) : type.sizeOf(count);
    }

    /**
     * Writes the contribution of this rank.
     *
     * @param ballots of the rank.
     * @param memory of the call.
     */
    void fill(final Ballots ballots, final CallMemory memory) {
        for (int block = 0; block < memory.sourceBlocks(); block++) {
            final long address = memory.source() + block * memory.blockLength();
            ballots.write(type, address, first(block, memory), memory.count());
        }
    }

    /**
     * Checks the result of this rank.
     *
     * @param expected of the call.
     * @param rank of this process.
     * @param memory of the call.
     * @return number of wrong elements.
     */
    long wrong(final ExpectedResult expected, final int rank, final CallMemory memory) {
        // a rank of reduceScatter, scatter and allToAll gets the block of its own number
        final long first = collective.givesBlocks() ? first(rank, memory) : 0;
        final boolean isOfRoot = root >= 0 && !collective.getsBlocks();
        long wrong = 0;
        for (int block = 0; block < memory.targetBlocks(); block++) {
            final long address = memory.target() + block * memory.blockLength();
            wrong += op != null
                    ? expected.wrongReduced(op, type, first, address, memory.count())
                    : expected.wrongCopied(isOfRoot ? root : block, type, first, address, memory.count());
        }
        return wrong;
    }

    /** The first coordinate of a block. Each begins at a whole word of signs, as the lots of a vote on blocks do. */
    private static long first(final long block, final CallMemory memory) {
        return block * Words.length(memory.count()) * Byte.SIZE;
    }
}
