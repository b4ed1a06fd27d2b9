package io.signvote.collective;

/**
 * Who casts ballots, and who tallies which chunk. A member tallies an arithmetic progression of chunks, so that a link needs
 * a cursor and nothing else.
 */
public interface Plan {
    /** {@link #firstChunk} of a member that tallies nothing. */
    int NONE = -1;

    /**
     * First chunk that a member tallies in a round.
     *
     * @param member rank, or the server.
     * @param round of the communicator.
     * @return chunk, or {@link #NONE}.
     */
    int firstChunk(int member, long round);

    /**
     * Distance from one chunk of a tallier to its next.
     *
     * @return at least 1.
     */
    int stride();

    /**
     * Chunks that a member tallies in a round.
     *
     * @param member rank, or the server.
     * @param firstChunk of the member in the round.
     * @param totalChunks of the round.
     * @return 0 for a member that tallies nothing.
     */
    default int chunkCount(final int member, final int firstChunk, final int totalChunks) {
        return firstChunk == NONE || firstChunk >= totalChunks ? 0 : (totalChunks - firstChunk - 1) / stride() + 1;
    }

    /**
     * Whether a member casts a ballot for each chunk of a tallier.
     *
     * @param member rank, or the server.
     * @param tallier rank, or the server.
     * @return true for those whose ballots every chunk of the tallier waits for.
     */
    boolean casts(int member, int tallier);

    /**
     * Ballots that close a chunk.
     *
     * @return members that cast for it.
     */
    int ballots();

    /**
     * Streams of chunk-sized frames that may flow towards one member at once, which share its receive buffer.
     *
     * @return at least 1.
     */
    int inboundStreams();

    /**
     * Members whose frames flow towards one at the pace that it grants; see {@link Pacing}.
     *
     * @return at least 1.
     */
    default int senders() {
        return Math.max(1, ballots() - 1);
    }

    /**
     * Whether a member searches for the credit of all, or for its own in a one-way collective; see {@link Pacing}.
     *
     * @param member rank, or the server.
     * @return true for one tallier, or for every receiver of what flows one way.
     */
    boolean leads(int member);

    /**
     * Whether frames flow from the tallier alone, so that their receivers must grant credit by frames of their own.
     *
     * @return true for a broadcast, and for what is gathered.
     */
    default boolean isOneWay() {
        return false;
    }

    /**
     * Every rank tallies its share: chunk c of round k falls to rank (c + k) mod M. Bytes out per rank are 2B(M-1)/M for
     * B bytes of bits, flat in M.
     *
     * @param ranks M.
     */
    record Sharded(int ranks) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return Math.floorMod(member - round, ranks);
        }

        @Override
        public int stride() {
            return ranks;
        }

        @Override
        public boolean casts(final int member, final int tallier) {
            return true;
        }

        @Override
        public int ballots() {
            return ranks;
        }

        @Override
        public boolean leads(final int member) {
            return member == 0;
        }

        @Override
        public int inboundStreams() {
            return 2 * (ranks - 1);
        }
    }

    /**
     * One member tallies everything: a rank, or a server that casts no ballot. Bytes out of the tallier are MB.
     *
     * @param ranks M.
     * @param tallier a rank, or M for the server.
     */
    record Star(int ranks, int tallier) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return member == tallier ? 0 : NONE;
        }

        @Override
        public int stride() {
            return 1;
        }

        @Override
        public boolean casts(final int member, final int tallier) {
            return member < ranks;
        }

        @Override
        public int ballots() {
            return ranks;
        }

        @Override
        public boolean leads(final int member) {
            return member == tallier;
        }

        @Override
        public int inboundStreams() {
            return ranks;
        }
    }

    /**
     * One rank sends to all: it casts the only ballot and is the tallier, so what it says is the verdict.
     *
     * @param root rank that sends.
     */
    record Rooted(int root) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return member == root ? 0 : NONE;
        }

        @Override
        public int stride() {
            return 1;
        }

        @Override
        public boolean casts(final int member, final int tallier) {
            return member == root;
        }

        @Override
        public int ballots() {
            return 1;
        }

        @Override
        public boolean leads(final int member) {
            return member != root;
        }

        @Override
        public int inboundStreams() {
            return 1;
        }

        @Override
        public boolean isOneWay() {
            return true;
        }
    }
}
