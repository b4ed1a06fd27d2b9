package io.signvote.collective;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Decides what a round sends, when a link has nothing left to do, and which members are missing. A round keeps the flow
 * with which it begins.
 */
abstract class Flow {
    final Round round;

    Flow(final Round round) {
        this.round = round;
    }

    // control plane

    /** Credit of every link at the beginning of the round. */
    abstract int firstCredit();

    /** First value of the cursors over reports; 0 in a flow without reports. */
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

    /** A link has accepted a ballot. */
    abstract void onBallot(int payloadLength);

    /** A link has accepted a verdict. */
    abstract void onVerdict(int payloadLength);

    /** Whether members report how many verdicts they hold. */
    abstract boolean hasReports();

    /** Whether we hold verdicts of the member that we have not reported yet. */
    abstract boolean owesReport(Link link);

    /**
     * Whether neither side of the link owes the other a frame when all of our chunks are closed; {@code closed} is
     * their number.
     */
    abstract boolean isComplete(Link link, int closed);

    /** Whether all verdicts that the member wants so far were sent to it. */
    final boolean hasAllAnswers(final Link link, final int closed) {
        return link.verdictsSent() == closed || !link.peer().isRank() || !round.isAnswered();
    }

    final boolean hasWantedVerdicts(final Link link) {
        return link.hasAllVerdicts() || round.isServer();
    }
}
