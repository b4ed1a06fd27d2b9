package io.signvote.collective;

/**
 * Every rank sends what is its own to all others, all at once: for its own chunks it casts the only ballot and is the tallier, as
 * the root of a broadcast is for all.
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
