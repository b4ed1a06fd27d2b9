package io.signvote.collective;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Who sends what in a round, when a link has nothing left to do, and who is missing. Chosen once for each round. */
abstract class Flow {
    final Round round;

    Flow(final Round round) {
        this.round = round;
    }

    // control plane

    /** Credit that every link begins the round with. */
    abstract int firstCredit();

    /** Where the cursors over reports begin: 0 where there are none. */
    abstract int firstReport();

    /** Names the members that are known not to have contributed; null if other members know better. */
    final Missing missing() {
        return round.tallier().share().chunkCount() == 0 ? null : missingHere();
    }

    abstract Missing missingHere();

    /**
     * Names the members whose verdicts are missing here, or else the members that take no frames. The former may wait for others.
     */
    final Missing missingAnswers() {
        final List<Integer> members = new ArrayList<>();
        final StringJoiner names = new StringJoiner(", ", "answers of [", "]");
        for (final Link link : round.links()) {
            if (!link.hasAllVerdicts()) {
                members.add(link.peer().member());
                names.add(link.peer().isRank() ? "" + link.peer().member() : "the server");
            }
        }
        if (!members.isEmpty()) {
            return new Missing(names.toString(), members);
        }
        for (final Link link : round.links()) {
            if (!hasAllAnswers(link, round.tallier().closed()) || owesReport(link)) {
                members.add(link.peer().member());
            }
        }
        return new Missing("room in the logs of ranks " + members + ", who take nothing from us", members);
    }

    // data plane

    /**
     * Sends what can be sent now: verdicts, ballots, reports. Members without room or credit are skipped, not awaited.
     *
     * @return frames sent and ballots cast.
     */
    abstract int send();

    /** A ballot was taken. */
    abstract void onBallot(int payloadLength);

    /** A verdict was taken. */
    abstract void onVerdict(int payloadLength);

    /** Whether the member may report what it holds. */
    abstract boolean hasReports();

    /** Whether we have yet to report what we hold from the member. */
    abstract boolean owesReport(Link link);

    /** Whether we owe the member nothing and have all that it owes us, when so many chunks of ours are closed: all of them. */
    abstract boolean isComplete(Link link, int closed);

    /** Whether all verdicts that the member wants so far were sent to it. */
    final boolean hasAllAnswers(final Link link, final int closed) {
        return link.verdictsSent() == closed || !link.peer().isRank();
    }

    final boolean hasWantedVerdicts(final Link link) {
        return link.hasAllVerdicts() || round.isServer();
    }
}
