package io.signvote.tools.perf;

import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;

/**
 * The memory of one rank's call: the blocks that it gives, and those that it gets. In place, the smaller side lies in the
 * larger one, at the block of the rank's number.
 */
final class CallMemory implements AutoCloseable {
    private final long count;
    private final int worldSize;
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
        this.count = count;
        this.worldSize = worldSize;
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

    /** {@return ranks} */
    int worldSize() {
        return worldSize;
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

    /** {@return whether the result replaces the contribution, or a part of it} */
    boolean isShared() {
        return sources == targets;
    }

    /** Overwrites the result. */
    void clearTarget() {
        Copies.fill(target(), blockLength * targetBlocks, (byte) 0x55);
    }

    @Override
    public void close() {
        sources.close();
        targets.close();
    }
}
