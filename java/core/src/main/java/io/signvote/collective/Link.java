package io.signvote.collective;

/**
 * What we and one member owe each other in a round. Both sides walk the tallier's chunks in order and frames of one peer
 * arrive in order, so each direction is a cursor; a frame that does not stand at its cursor is a repetition or nonsense.
 */
final class Link {
    final int member;

    /** Chunks that the member tallies: first + i * stride for i below {@link #chunkCount}. */
    int firstChunk;

    int chunkCount;

    /** Ballots of ours that the member has been sent. */
    int cast;

    /** Verdicts that we hold from the member. */
    int decided;

    /** Frames that the member grants us to have open towards it. */
    int credit;

    /** Frames that the member was last told that it may have open towards us. */
    int told;

    /** Ballots that the member has sent us. */
    int received;

    /** Verdicts of ours that the member has been sent. */
    int answered;

    /** Verdicts of ours that the member says it holds, in a one-way collective; -1 until it has said anything. */
    int acknowledged;

    /** Verdicts that we have told the member we hold, in a one-way collective; -1 until we have told it anything. */
    int reported;

    /** The member has said goodbye. */
    boolean hasLeft;

    Link(final int member) {
        this.member = member;
    }

    void begin(final Plan plan, final long round, final int totalChunks) {
        firstChunk = plan.firstChunk(member, round);
        chunkCount = plan.chunkCount(member, round, totalChunks);
        cast = 0;
        decided = 0;
        received = 0;
        answered = 0;
        acknowledged = plan.isOneWay() ? -1 : 0;
        reported = acknowledged;
    }

    /** Sum of the cursors, none of which ever goes back in a round. */
    long moves() {
        return (long) cast + decided + received + answered + acknowledged + reported;
    }
}
