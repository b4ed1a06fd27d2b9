package io.signvote.collective;

/**
 * The plan of a gather. Every rank sends its own shard to all others, at the same time. For its own chunks a rank casts
 * the only ballot and is the tallier, like the root of a broadcast.
 *
 * @param chunking of the shards.
 * @param ranks M.
 */
record Owned(ShardChunking chunking, int ranks) implements Plan {
    @Override
    public int firstChunk(final int member, final long round) {
        return member < ranks && chunking.chunkCount(member) > 0 ? chunking.firstChunk(member) : NONE;
    }

    @Override
    public int chunkCount(final int member, final int firstChunk, final int totalChunks) {
        return member < ranks ? chunking.chunkCount(member) : 0;
    }

    @Override
    public int stride() {
        return 1;
    }

    @Override
    public boolean casts(final int member, final int tallier) {
        return member == tallier;
    }

    @Override
    public int ballots() {
        return 1;
    }

    @Override
    public int inboundStreams() {
        return Math.max(1, ranks - 1);
    }

    @Override
    public int senders() {
        return inboundStreams();
    }

    @Override
    public boolean leads(final int member) {
        return true;
    }

    @Override
    public boolean isOneWay() {
        return true;
    }
}
