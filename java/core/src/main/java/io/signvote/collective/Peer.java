package io.signvote.collective;

/** Another member for as long as this one lives: what each grants the other, and whether it has left. Rounds pass over it. */
final class Peer {
    private final int member;
    private final boolean isRank;
    private int creditGranted;
    private int creditTold;
    private boolean isGoodbyeSent;
    private boolean hasLeft;

    /**
     * A member that has granted nothing yet.
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

    /** Whether the member wants results: every rank does, a server does not. */
    boolean isRank() {
        return isRank;
    }

    /** Frames that the member lets us have open towards it. */
    int creditGranted() {
        return creditGranted;
    }

    /** Frames that the member believes it may have open towards us. */
    int creditTold() {
        return creditTold;
    }

    /** Both sides begin a round with the same credit. */
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

    /** Forgets a goodbye that we said: the next {@link #sayGoodbye} says it again. */
    void onLeave() {
        isGoodbyeSent = false;
    }

    /** Says goodbye unless it was said; true as soon as it is. */
    boolean sayGoodbye(final FrameWriter writer, final Round round) {
        isGoodbyeSent = isGoodbyeSent || writer.sendGoodbye(member, round);
        return isGoodbyeSent;
    }
}
