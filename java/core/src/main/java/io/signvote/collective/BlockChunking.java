package io.signvote.collective;

import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.wire.Collective;

/**
 * Cuts blocks of one length into chunks. A chunk holds as many coordinates of one block as fit one frame. Of B blocks, chunk c
 * belongs to block c mod B, so the chunks of all blocks go out in turns. A block of signs begins at a whole word. A call without
 * coordinates has one empty chunk in each block.
 */
final class BlockChunking implements Geometry {
    private DataType type = DataType.SIGN;
    private int blocks = 1;
    private int heldBlocks = 1;
    private boolean isHeldByOwner;
    private long count;
    private long blockLength;
    private int chunkCoordinates;
    private int chunkCount;

    /**
     * Cuts the blocks of a call.
     *
     * @param collective a gather has the chunks of one block, which all ranks cast; the others have those of M blocks.
     * @param type of the payload.
     * @param count coordinates of a block.
     * @param ranks M.
     * @param maxPayloadLength bytes that fit one frame.
     */
    void set(
            final Collective collective,
            final DataType type,
            final long count,
            final int ranks,
            final int maxPayloadLength) {
        this.type = type;
        this.count = count;
        blocks = collective == Collective.GATHER ? 1 : ranks;
        heldBlocks = collective == Collective.REDUCE_SCATTER || collective == Collective.SCATTER ? 1 : ranks;
        isHeldByOwner = collective == Collective.ALL_GATHER;
        blockLength = type.sizeOf(count);
        chunkCoordinates = (int) Math.min(Chunking.most(type, maxPayloadLength), paddedCount());
        final long chunks = count == 0 ? 1 : (count + chunkCoordinates - 1) / chunkCoordinates;
        chunkCount = Math.toIntExact(blocks * chunks);
    }

    @Override
    public int chunkCount() {
        return chunkCount;
    }

    @Override
    public int chunkCoordinates() {
        return chunkCoordinates;
    }

    @Override
    public long firstCoordinate(final int chunk) {
        return within(chunk) + (isHeldByOwner ? 0 : chunk % blocks * paddedCount());
    }

    @Override
    public int coordinates(final int chunk) {
        return (int) Math.min(chunkCoordinates, count - within(chunk));
    }

    @Override
    public long offset(final int chunk) {
        return type.sizeOf(within(chunk)) + (isHeldByOwner ? chunk % blocks * blockLength : 0);
    }

    @Override
    public int payloadLength(final int chunk) {
        return (int) type.sizeOf(coordinates(chunk));
    }

    @Override
    public int maxPayloadLength() {
        return (int) type.sizeOf(chunkCoordinates);
    }

    @Override
    public long resultLength() {
        return heldBlocks * blockLength;
    }

    /** First coordinate of a chunk within its block. */
    private long within(final int chunk) {
        return (long) (chunk / blocks) * chunkCoordinates;
    }

    /** Coordinates from the beginning of one block to the next. */
    private long paddedCount() {
        return type == DataType.SIGN ? Words.count(count) * Words.LANES : count;
    }
}
