package io.signvote.collective;

/**
 * Another member, for the life of the communicator: the credits of both directions, and whether the member has left. It
 * outlives rounds.
 */
final class Peer {
    private final int member;
    private final boolean isRank;
    private int creditGranted;
    private int creditTold;
    private boolean isGoodbyeSent;
    private boolean hasLeft;

    /**
     * Makes a peer that has granted no credit yet.
     *
     * @param member rank, or the server.
     * @param isRank whether it is a rank.
     */
    Peer(final int member, final boolean isRank) {
        this.member = member;
        this.isRank = isRank;
    }

    int member() {
        return member;
    }

    /** Whether the member is a rank. A rank wants results, a server does not. */
    boolean isRank() {
        return isRank;
    }

    /** Number of frames that we may have open towards the member. */
    int creditGranted() {
        return creditGranted;
    }

    /** Number of frames that the member may have open towards us, by the last credit that we sent to it. */
    int creditTold() {
        return creditTold;
    }

    /** Begins a round: both sides start with the same credit. */
    void onRound(final int credit) {
        creditGranted = credit;
        creditTold = credit;
    }

    void onGranted(final int credit, final int cap) {
        creditGranted = Math.max(1, Math.min(credit, cap));
    }

    void onTold(final int credit) {
        creditTold = credit;
    }

    /** Whether the member has said goodbye. */
    boolean hasLeft() {
        return hasLeft;
    }

    void onGoodbye() {
        hasLeft = true;
    }

    /** Forgets our goodbye, so that the next {@link #sayGoodbye} sends it again. */
    void onLeave() {
        isGoodbyeSent = false;
    }

    /** Sends a goodbye unless one was sent. Returns whether one was sent. */
    boolean sayGoodbye(final FrameWriter writer, final Round round) {
        isGoodbyeSent = isGoodbyeSent || writer.sendGoodbye(member, round);
        return isGoodbyeSent;
    }
}
