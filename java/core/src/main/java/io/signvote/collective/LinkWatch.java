package io.signvote.collective;

import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.LinkState;
import java.util.Arrays;
import java.util.List;

/**
 * Finds dead links between two members that live. Ten times a second it checks the links that the round still needs. It
 * reports a link that stays dead to the membership, which knows whether both ends live. Control plane. The owner of the
 * engine owns it.
 */
final class LinkWatch {
    private static final long PERIOD_NS = 100_000_000;
    private static final long REPORT_PERIOD_NS = 1_000_000_000;

    private final Round round;
    private final Membership membership;
    private final long[] downSinceNs;
    private long lookedNs;
    private long reportedNs;

    LinkWatch(final Round round, final Membership membership, final long nowNs) {
        this.round = round;
        this.membership = membership;
        downSinceNs = new long[round.transport.size()];
        lookedNs = nowNs;
        reportedNs = nowNs - REPORT_PERIOD_NS;
    }

    /**
     * Time for which a link must stay dead. The transport has waited before, and the report must reach the other
     * members in time.
     */
    static long patienceNs(final long suspicionTimeoutNs) {
        return suspicionTimeoutNs / 10 * 3;
    }

    /** Checks the links, if it is time to. */
    void look(final long nowNs) {
        final long patienceNs = patienceNs(membership.suspicionTimeoutNs());
        if (nowNs - lookedNs < PERIOD_NS || patienceNs == 0) {
            return;
        }
        // a long pause: if this process was stopped, all links seem dead until its driver has run again
        if (nowNs - lookedNs > patienceNs / 2) {
            Arrays.fill(downSinceNs, nowNs);
        }
        lookedNs = nowNs;
        // while ballots are missing here, every link still has to carry verdicts
        final int chunkCount = round.tallier().share().chunkCount();
        for (final Link link : round.links()) {
            final int peer = link.peer().member();
            if (round.flow().isComplete(link, chunkCount) || round.transport.linkState(peer) == LinkState.UP) {
                downSinceNs[peer] = nowNs;
            } else if (nowNs - downSinceNs[peer] >= patienceNs && nowNs - reportedNs >= REPORT_PERIOD_NS) {
                reportedNs = nowNs;
                report(peer, nowNs - downSinceNs[peer]);
            }
        }
    }

    /** Adds the state of a dead link as this end sees it. The end whose sends fail is not the end that hears nothing. */
    Failure explained(final Failure failure) {
        final String errors = round.transport.errors();
        final boolean isNew = failure.kind() == Failure.Kind.LINK_LOST
                && failure.ranks().contains(round.settings.group().worldRank(round.member()))
                && !failure.message().contains(errors);
        return isNew
                ? new Failure(failure.kind(), failure.ranks(), failure.message() + "; at this end" + errors)
                : failure;
    }

    private void report(final int peer, final long downNs) {
        final String name = name(peer);
        final String fact = round.transport.linkState(peer) == LinkState.BROKEN
                ? "the stream from " + name + " to " + name(round.member()) + " has broken off"
                : "nothing arrives at " + name(round.member()) + " from " + name + " any more, and has not for "
                        + downNs / 1_000_000 + " ms and longer";
        membership.suspect(round.settings
                .group()
                .inJob(new Failure(
                        Failure.Kind.LINK_LOST,
                        List.of(round.member(), peer),
                        round.call() + " round=" + round.roundId() + ": " + fact
                                + ", although neither process has died" + round.transport.errors()
                                + ", check firewalls and routes for UDP between their hosts")));
    }

    private String name(final int member) {
        return member < round.settings.ranks() ? "rank " + member : "the server";
    }
}
