package io.signvote.collective;

/**
 * The settings of all rounds of a communicator, equal on every member.
 *
 * @param sessionKey 64 bits that each frame carries: random for the job, and derived from them for a split.
 * @param view number of the view.
 * @param ranks number of ranks; the member with this number is the server.
 * @param plan of votes and sums.
 * @param seed of the lots that decide ties.
 * @param communicator number of the communicator, for the lots.
 * @param fixedCredit frames that a member may have open towards another, or 0 to adapt.
 * @param timeoutNs time without progress after which a round fails.
 * @param group ranks of the job; failures name them.
 */
public record RoundSettings(
        long sessionKey,
        int view,
        int ranks,
        Plan plan,
        long seed,
        long communicator,
        int fixedCredit,
        long timeoutNs,
        Group group) {
    /**
     * Settings of the communicator of all ranks.
     *
     * @param sessionKey 64 random bits of the job.
     * @param view number of the view.
     * @param ranks number of ranks; the member with this number is the server.
     * @param plan of votes and sums.
     * @param seed of the lots that decide ties.
     * @param communicator number of the communicator, for the lots.
     * @param fixedCredit frames that a member may have open towards another, or 0 to adapt.
     * @param timeoutNs time without progress after which a round fails.
     */
    public RoundSettings(
            final long sessionKey,
            final int view,
            final int ranks,
            final Plan plan,
            final long seed,
            final long communicator,
            final int fixedCredit,
            final long timeoutNs) {
        this(sessionKey, view, ranks, plan, seed, communicator, fixedCredit, timeoutNs, Group.WORLD);
    }
}
