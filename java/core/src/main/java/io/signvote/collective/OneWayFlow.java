package io.signvote.collective;

import java.util.ArrayList;
import java.util.List;

/**
 * Each tallier casts the only ballot for its chunks and sends it to all as the verdict. Receivers report how many
 * verdicts they hold, and a report carries their credit. The first reports announce their senders: receivers send them
 * to a tallier, and a tallier sends them to all. So two ranks detect it if each of them is the root of its broadcast.
 */
final class OneWayFlow extends Flow {
    OneWayFlow(final Round round) {
        super(round);
    }

    @Override
    int firstCredit() {
        return Math.min(Pacing.INITIAL, round.cap());
    }

    @Override
    int firstReport() {
        return -1;
    }

    @Override
    int send() {
        final Tallier tallier = round.tallier();
        final int chunkCount = tallier.share().chunkCount();
        // no member leaves a round before all have entered it: the last chunk waits for their first reports
        final int ready = isEveryonePresent() ? tallier.closed() : Math.min(tallier.closed(), chunkCount - 1);
        int work = 0;
        for (final Link link : round.links()) {
            final int allowed =
                    Math.max(0, link.verdictsAcknowledged()) + link.peer().creditGranted();
            work += link.sendVerdicts(Math.min(ready, allowed));
        }
        work += tallier.castBallot(Integer.MAX_VALUE);
        for (final Link link : round.links()) {
            if (chunkCount > 0 || link.isTallier()) {
                work += link.report();
            }
        }
        return work;
    }

    private boolean isEveryonePresent() {
        for (final Link link : round.links()) {
            if (link.peer().isRank() && link.verdictsAcknowledged() < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    void onBallot(final int payloadLength) {}

    @Override
    void onVerdict(final int payloadLength) {
        round.pacing().onFrame(payloadLength, round.pacing().credit());
    }

    @Override
    boolean hasReports() {
        return true;
    }

    @Override
    boolean owesReport(final Link link) {
        return link.isTallier() && link.verdictsReported() < link.verdictsHeld();
    }

    @Override
    boolean isComplete(final Link link, final int closed) {
        return hasWantedVerdicts(link)
                && hasAllAnswers(link, closed)
                && isAcknowledged(link, closed)
                && !owesReport(link);
    }

    private boolean isAcknowledged(final Link link, final int closed) {
        return !link.peer().isRank() || closed == 0 || link.verdictsAcknowledged() == closed;
    }

    /**
     * Names the receivers that have not reported at all, or else those that lack verdicts. Null if all hold our
     * verdicts.
     */
    @Override
    Missing missingHere() {
        final List<Integer> absent = new ArrayList<>();
        final List<Integer> behind = new ArrayList<>();
        for (final Link link : round.links()) {
            final int acknowledged = link.verdictsAcknowledged();
            if (link.peer().isRank() && acknowledged < round.tallier().share().chunkCount()) {
                (acknowledged < 0 ? absent : behind).add(link.peer().member());
            }
        }
        final List<Integer> missing = absent.isEmpty() ? behind : absent;
        return missing.isEmpty() ? null : new Missing("answers of ranks " + missing, missing);
    }
}
