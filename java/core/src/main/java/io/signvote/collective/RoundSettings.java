package io.signvote.collective;

/**
 * What all rounds of a communicator share; equal on every member.
 *
 * @param sessionKey 64 random bits of the job.
 * @param view number of the view.
 * @param ranks members that cast ballots; a member beyond is the server.
 * @param plan who tallies votes and sums.
 * @param seed of the lots of ties.
 * @param communicator number of the communicator, for the lots.
 * @param fixedCredit frames that a peer may have open towards another, or 0 to adapt.
 * @param timeoutNs from the beginning of a round until it fails.
 */
public record RoundSettings(
        long sessionKey,
        int view,
        int ranks,
        Plan plan,
        long seed,
        long communicator,
        int fixedCredit,
        long timeoutNs) {}
