package io.signvote.collective;

/**
 * Cuts shards of different lengths into chunks. A chunk holds as many bytes of one shard as fit one frame. Chunks are
 * numbered in rank order, so the chunks of one rank follow one another. A coordinate is a byte.
 */
final class ShardChunking implements Geometry {
    private static final int PAYLOAD_ALIGNMENT = 32;

    /** First chunk of each rank. The last element is the number of all chunks. */
    private final int[] firstChunks;

    private final int ranks;
    private Shards shards;
    private int chunkLength;

    ShardChunking(final int ranks) {
        this.ranks = ranks;
        firstChunks = new int[ranks + 1];
    }

    /** Cuts shards. At least one must not be empty. */
    void set(final Shards shards, final int maxPayloadLength) {
        assert shards.ranks() == ranks && shards.totalLength() > 0
                : shards.ranks() + " shards of " + shards.totalLength();
        this.shards = shards;
        long longest = 0;
        for (int rank = 0; rank < ranks; rank++) {
            longest = Math.max(longest, shards.length(rank));
        }
        chunkLength = (int) Math.min(maxPayloadLength & -PAYLOAD_ALIGNMENT, longest);
        long chunks = 0;
        for (int rank = 0; rank < ranks; rank++) {
            chunks += (shards.length(rank) + chunkLength - 1) / chunkLength;
            firstChunks[rank + 1] = Math.toIntExact(chunks);
        }
    }

    int firstChunk(final int rank) {
        return firstChunks[rank];
    }

    int chunkCount(final int rank) {
        return firstChunks[rank + 1] - firstChunks[rank];
    }

    @Override
    public int chunkCount() {
        return firstChunks[ranks];
    }

    @Override
    public int chunkCoordinates() {
        return chunkLength;
    }

    @Override
    public long firstCoordinate(final int chunk) {
        return firstCoordinate(chunk, owner(chunk));
    }

    @Override
    public int coordinates(final int chunk) {
        final int owner = owner(chunk);
        return (int) Math.min(chunkLength, shards.length(owner) - firstCoordinate(chunk, owner));
    }

    @Override
    public long offset(final int chunk) {
        final int owner = owner(chunk);
        return shards.offset(owner) + firstCoordinate(chunk, owner);
    }

    @Override
    public int payloadLength(final int chunk) {
        return coordinates(chunk);
    }

    @Override
    public int maxPayloadLength() {
        return chunkLength;
    }

    @Override
    public long resultLength() {
        return shards.extent();
    }

    private long firstCoordinate(final int chunk, final int owner) {
        return (long) (chunk - firstChunks[owner]) * chunkLength;
    }

    /** The last rank whose first chunk is at most this one. Earlier ranks with the same first chunk have no chunks. */
    private int owner(final int chunk) {
        int low = 0;
        int high = ranks - 1;
        while (low < high) {
            final int middle = low + high + 1 >>> 1;
            if (firstChunks[middle] <= chunk) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
