package io.signvote.collective;

/**
 * Decides which members cast ballots, and which member tallies each chunk. A member tallies an arithmetic progression
 * of chunks, so a cursor is enough to name the next chunk. Immutable, thread-safe and equal on all members.
 */
public interface Plan {
    /** Value of {@link #firstChunk} for a member that tallies nothing. */
    int NONE = -1;

    /** Most bytes that a rank sends in a small call, which is {@link Replicated} although the plan is {@link Sharded}. */
    long MOST_REPLICATED = 8192;

    /**
     * First chunk that a member tallies in a round.
     *
     * @param member rank, or the server.
     * @param round id of the round.
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
     * @return true if every chunk of the tallier waits for a ballot of the member.
     */
    boolean casts(int member, int tallier);

    /**
     * Whether a member wants the verdicts of a tallier. If it does not, but casts ballots, the tallier answers it with verdicts
     * without payload.
     *
     * @param member rank other than the tallier.
     * @param tallier rank, or the server.
     * @return true if the verdicts are part of the member's result.
     */
    default boolean wants(final int member, final int tallier) {
        return true;
    }

    /**
     * Ballots that close a chunk.
     *
     * @return number of members that cast a ballot for it.
     */
    int ballots();

    /**
     * Number of streams of full chunks that may flow to one member at once. They share its receive buffer.
     *
     * @return at least 1.
     */
    int inboundStreams();

    /**
     * Number of members that send to one member within the credit that it grants; see {@link Pacing}.
     *
     * @return at least 1.
     */
    default int senders() {
        return Math.max(1, ballots() - 1);
    }

    /**
     * Whether a member searches for the credit; see {@link Pacing}. In a vote one member searches for all. In a one-way
     * collective each receiver searches for itself.
     *
     * @param member rank, or the server.
     * @return true for one tallier of a vote, and for every receiver of a one-way collective.
     */
    boolean leads(int member);

    /**
     * Whether every rank tallies all chunks. Then no rank gets its result from another. Later ballots carry a hash of the result.
     *
     * @return true if ranks could hold different results.
     */
    default boolean isReplicated() {
        return false;
    }

    /**
     * Whether only talliers send chunks. Receivers then grant credit by reports.
     *
     * @return true for a broadcast and an all-gather.
     */
    default boolean isOneWay() {
        return false;
    }

    /**
     * Every rank tallies its share: rank (c + k) mod M tallies chunk c of round k. A rank sends 2B(M-1)/M bytes for B
     * bytes of signs, less than 2B for any M.
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
     * Every rank tallies all chunks. A rank sends (M - 1) B bytes for B bytes of ballots, and the result is there after one hop. A rank
     * that sends different ballots to others gives them different results.
     *
     * @param ranks M.
     */
    record Replicated(int ranks) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return member < ranks ? 0 : NONE;
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
        public boolean wants(final int member, final int tallier) {
            return false;
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
            return Math.max(1, 2 * (ranks - 1));
        }

        @Override
        public boolean isReplicated() {
            return true;
        }
    }

    /**
     * One member tallies all chunks: a rank, or a server that casts no ballot. The tallier sends up to M * B bytes for
     * B bytes of signs.
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
     * Changes another plan: only one rank wants the verdicts. Every rank casts its ballots. The talliers tell each rank when they have
     * counted them.
     *
     * @param plan that says who casts and who tallies.
     * @param receiver rank that gets the result.
     */
    record To(Plan plan, int receiver) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return plan.firstChunk(member, round);
        }

        @Override
        public int stride() {
            return plan.stride();
        }

        @Override
        public boolean casts(final int member, final int tallier) {
            return plan.casts(member, tallier);
        }

        @Override
        public boolean wants(final int member, final int tallier) {
            return member == receiver;
        }

        @Override
        public int ballots() {
            return plan.ballots();
        }

        @Override
        public boolean leads(final int member) {
            return plan.leads(member);
        }

        @Override
        public int inboundStreams() {
            return plan.inboundStreams();
        }
    }

    /**
     * Rank r tallies block r and keeps the result. Block r has the chunks r, r + M, r + 2M, ... A server takes no
     * part.
     *
     * @param ranks M.
     * @param caster rank that casts the only ballots, or {@link #NONE} if all ranks cast.
     */
    record Blocks(int ranks, int caster) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return member < ranks ? member : NONE;
        }

        @Override
        public int stride() {
            return ranks;
        }

        @Override
        public boolean casts(final int member, final int tallier) {
            return member == caster || caster == NONE && member < ranks;
        }

        @Override
        public boolean wants(final int member, final int tallier) {
            return false;
        }

        @Override
        public int ballots() {
            return caster == NONE ? ranks : 1;
        }

        @Override
        public boolean leads(final int member) {
            return member == (caster == 0 ? 1 : 0);
        }

        @Override
        public int inboundStreams() {
            return Math.max(1, ballots() - 1);
        }
    }

    /**
     * Rank r sends block r to all others. Block r has the chunks r, r + M, r + 2M, ... For these it casts the only
     * ballot and is the tallier.
     *
     * @param ranks M.
     */
    record Own(int ranks) implements Plan {
        @Override
        public int firstChunk(final int member, final long round) {
            return member < ranks ? member : NONE;
        }

        @Override
        public int stride() {
            return ranks;
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
        public boolean leads(final int member) {
            return true;
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
        public boolean isOneWay() {
            return true;
        }
    }

    /**
     * One rank sends to all others. It casts the only ballot and is the only tallier, so its ballot is the verdict.
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
