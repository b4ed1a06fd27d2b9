package io.signvote.collective;

import org.agrona.BitUtil;

/**
 * This member as a tallier: the chunks that it tallies in a round and its own ballots for them. The chunks close in
 * order.
 */
final class Tallier {
    private final Round round;
    private final int member;
    private final Share share = new Share();
    private Tally tally;
    private boolean casts;
    private int window;
    private int ballotsCast;
    private int closed;

    Tallier(final Round round, final int member) {
        this.round = round;
        this.member = member;
    }

    /** Begins a round. Allocates only if the call is larger than all before. */
    void begin(final Plan plan, final long roundId, final Geometry geometry, final Tally tally) {
        this.tally = tally;
        share.begin(plan, member, roundId, geometry);
        casts = plan.casts(member, member);
        window = BitUtil.findNextPositivePowerOfTwo(Math.max(1, Math.min(round.cap(), share.chunkCount())));
        ballotsCast = 0;
        closed = 0;
        if (share.chunkCount() > 0) {
            tally.begin(round.call(), geometry, plan.ballots(), window, round.result());
        }
    }

    /** The chunks that we tally. */
    Share share() {
        return share;
    }

    /** Number of our chunks that have all their ballots. */
    int closed() {
        return closed;
    }

    boolean isComplete() {
        return closed == share.chunkCount();
    }

    /** The most chunks of ours that are open at once, a power of two. */
    int window() {
        return window;
    }

    /** Whether a chunk of ours is within the window. */
    boolean isOpen(final int index) {
        return index < closed + window;
    }

    /** Whether a member's ballot may be added now; floats are added in rank order. */
    boolean isTurn(final int index, final int voter) {
        return tally.isTurn(index, voter);
    }

    /** Whether a chunk of ours waits for our own ballot. */
    boolean isBallotMissing(final int index) {
        return casts && ballotsCast <= index && tally.isTurn(index, member);
    }

    void add(final int index, final int voter, final int chunk, final long ballot) {
        if (tally.add(index, voter, chunk, ballot)) {
            closed++;
        }
    }

    /**
     * Casts our own next ballot if it is ready.
     *
     * @param credit own ballots that may be open.
     * @return ballots cast.
     */
    int castBallot(final int credit) {
        final int index = ballotsCast;
        if (!casts
                || index == share.chunkCount()
                || index - closed >= (round.isAnswered() ? Math.min(window, credit) : window)
                || !tally.isTurn(index, member)) {
            return 0;
        }
        final int chunk = share.chunk(index);
        if (!round.isBallotReady(chunk)) {
            return 0;
        }
        final long ballot = tally.place(index, chunk);
        round.fillBallot(chunk, ballot);
        add(index, member, chunk, ballot);
        ballotsCast++;
        return 1;
    }

    /** Coordinates tied in the chunks that we tally. */
    long ties() {
        return share.chunkCount() == 0 ? 0 : tally.ties();
    }

    /** Number of our ballots plus the number of closed chunks. It never goes back in a round. */
    long moves() {
        return (long) ballotsCast + closed;
    }
}
