package io.signvote.tools.perf;

import io.signvote.Elements;
import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;

/**
 * The memory of one rank's call: the blocks that it gives, and those that it gets. In place, the smaller side lies in the
 * larger one, at the block of the rank's number.
 */
final class CallMemory implements AutoCloseable {
    private final Contender contender;
    private final long count;
    private final long blockLength;
    private final int sourceBlocks;
    private final int targetBlocks;
    private final long sourceOffset;
    private final long targetOffset;
    private final OffHeap sources;
    private final OffHeap targets;

    /**
     * Allocates the memory of a call.
     *
     * @param contender to call.
     * @param rank of this process.
     * @param worldSize ranks.
     * @param count elements of a block.
     * @param isInPlace whether source and target share memory. If this rank has no target, or no source, they share
     *     none.
     */
    CallMemory(
            final Contender contender, final int rank, final int worldSize, final long count, final boolean isInPlace) {
        final boolean isRoot = rank == contender.root();
        this.contender = contender;
        this.count = count;
        blockLength = contender.type().sizeOf(count);
        sourceBlocks = contender.collective().sourceBlocks(worldSize, isRoot);
        targetBlocks = contender.collective().targetBlocks(worldSize, isRoot);
        final boolean isShared = isInPlace && sourceBlocks > 0 && targetBlocks > 0;
        sourceOffset = isShared && sourceBlocks < targetBlocks ? rank * blockLength : 0;
        targetOffset = isShared && targetBlocks < sourceBlocks ? rank * blockLength : 0;
        sources = new OffHeap(blockLength * (isShared ? Math.max(sourceBlocks, targetBlocks) : sourceBlocks));
        targets = isShared ? sources : new OffHeap(blockLength * targetBlocks);
    }

    /** {@return elements of a block} */
    long count() {
        return count;
    }

    /** {@return bytes of a block} */
    long blockLength() {
        return blockLength;
    }

    /** {@return blocks that this rank gives} */
    int sourceBlocks() {
        return sourceBlocks;
    }

    /** {@return blocks that this rank gets} */
    int targetBlocks() {
        return targetBlocks;
    }

    /** {@return address of the blocks that this rank gives} */
    long source() {
        return sources.address() + sourceOffset;
    }

    /** {@return address of the blocks that this rank gets} */
    long target() {
        return targets.address() + targetOffset;
    }

    /** {@return the elements that this rank gives; null if it gives none} */
    Elements sources() {
        return elements(source(), sourceBlocks, contender.collective().givesBlocks());
    }

    /** {@return the elements that this rank gets; null if it gets none} */
    Elements targets() {
        return elements(target(), targetBlocks, contender.collective().getsBlocks());
    }

    /** Overwrites the result. */
    void clearTarget() {
        Copies.fill(target(), blockLength * targetBlocks, (byte) 0x55);
    }

    private Elements elements(final long address, final int blocks, final boolean isInBlocks) {
        if (blocks == 0) {
            return null;
        }
        final DataType type = contender.type();
        // of many blocks of signs, each is in whole words
        final long each = isInBlocks && type == DataType.SIGN ? blockLength * Byte.SIZE : count;
        return Elements.at(address, blocks * each, type);
    }

    @Override
    public void close() {
        sources.close();
        targets.close();
    }
}
