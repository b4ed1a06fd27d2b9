package io.signvote.collective;

import java.util.ArrayList;
import java.util.List;

/**
 * Ranks cast ballots. The talliers answer with verdicts, and a verdict carries the credit of its tallier. The least credit
 * that any tallier grants is in force for all. A tallier may announce itself to members that cast to it, and to which it casts
 * nothing. So a member that makes another call detects it.
 */
final class VoteFlow extends Flow {
    /**
     * The least credit that any tallier grants. A round with a small cap does not show credits above its cap, so it
     * does not change them.
     */
    private int agreedCredit;

    private final boolean hasAnnouncements;

    VoteFlow(final Round round, final int agreedCredit, final boolean hasAnnouncements) {
        super(round);
        this.hasAnnouncements = hasAnnouncements;
        this.agreedCredit = agreedCredit;
    }

    /** Number of frames that we may have open towards any tallier: the agreed credit, at most the cap of the round. */
    int credit() {
        return Math.min(agreedCredit, round.cap());
    }

    @Override
    int firstCredit() {
        return credit();
    }

    @Override
    int firstReport() {
        return hasAnnouncements ? -1 : 0;
    }

    @Override
    int send() {
        final Tallier tallier = round.tallier();
        final int closed = tallier.closed();
        int work = 0;
        for (final Link link : round.links()) {
            work += link.sendVerdicts(closed);
            if (hasAnnouncements) {
                work += link.announce();
            }
        }
        agreeOnCredit();
        final int credit = credit();
        for (final Link link : round.links()) {
            work += link.castBallot(credit);
        }
        work += tallier.castBallot(credit);
        // another tallier may have granted the member less than half of our credit: then it waits for our answer sooner
        for (int i = 0; work == 0 && i < round.links().length; i++) {
            work = round.links()[i].acknowledge(closed);
        }
        return work;
    }

    /** Finds the least credit that any tallier grants. */
    void agreeOnCredit() {
        int least = round.tallier().share().chunkCount() > 0 ? round.pacing().credit() : Pacing.MOST;
        for (final Link link : round.links()) {
            if (link.isTallier()) {
                least = Math.min(least, link.peer().creditGranted());
            }
        }
        final int cap = round.cap();
        agreedCredit = least < cap ? least : Math.max(agreedCredit, cap);
    }

    @Override
    void onBallot(final int payloadLength) {
        round.pacing().onFrame(payloadLength, credit());
    }

    @Override
    void onVerdict(final int payloadLength) {}

    @Override
    boolean hasReports() {
        return hasAnnouncements;
    }

    @Override
    boolean owesReport(final Link link) {
        return false;
    }

    @Override
    boolean isComplete(final Link link, final int closed) {
        // without answers, the ballots of the member are all that it owes us
        return hasWantedVerdicts(link)
                && hasAllAnswers(link, closed)
                && link.hasAllBallots()
                && (round.isAnswered() || link.hasCastAll());
    }

    /** Names the ranks whose ballots the next chunk to close waits for. */
    @Override
    Missing missingHere() {
        final Tallier tallier = round.tallier();
        final int index = tallier.closed();
        if (tallier.isComplete()) {
            return null;
        }
        final List<Integer> ranks = new ArrayList<>();
        for (final Link link : round.links()) {
            // a ballot of floats that arrived out of turn waits in its log, and is not missing
            if (link.isBallotMissing(index)) {
                ranks.add(link.peer().member());
            }
        }
        if (tallier.isBallotMissing(index)) {
            ranks.add(round.member());
        }
        return ranks.isEmpty() ? null : new Missing("ballots of ranks " + ranks, ranks);
    }
}
