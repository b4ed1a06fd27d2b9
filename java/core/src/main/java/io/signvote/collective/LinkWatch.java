package io.signvote.collective;

import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.LinkState;
import java.util.Arrays;
import java.util.List;

/**
 * Finds links that are dead although both of their ends live: no failure of a process explains why a round does not go on. Looks at
 * the links that the round still needs, ten times a second, and tells the membership of one that stays dead. Whether both ends live
 * is for the membership to know. Control plane; owned by the engine's thread.
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

    /** How long a link must stay dead. The carrier had its own patience before, and the others must hear of it in time. */
    static long patienceNs(final long suspicionTimeoutNs) {
        return suspicionTimeoutNs / 10 * 3;
    }

    /** Looks, if it is time to. */
    void look(final long nowNs) {
        final long patienceNs = patienceNs(membership.suspicionTimeoutNs());
        if (nowNs - lookedNs < PERIOD_NS || patienceNs == 0) {
            return;
        }
        // nobody looked for long: if this process stood still, all links seem dead until its driver has run again
        if (nowNs - lookedNs > patienceNs / 2) {
            Arrays.fill(downSinceNs, nowNs);
        }
        lookedNs = nowNs;
        // while ballots are missing here, every link has to carry verdicts yet
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

    /** Adds what this end knows of a dead link: the end whose sends fail is not the one that hears nothing. */
    Failure explained(final Failure failure) {
        final String errors = round.transport.errors();
        final boolean isNew = failure.kind() == Failure.Kind.LINK_LOST
                && failure.ranks().contains(round.member())
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
        membership.suspect(new Failure(
                Failure.Kind.LINK_LOST,
                List.of(round.member(), peer),
                round.call() + " round=" + round.roundId() + ": " + fact
                        + ", although both processes answer the coordinator" + round.transport.errors()
                        + ", check firewalls and routes for UDP between their hosts"));
    }

    private String name(final int member) {
        return member < round.settings.ranks() ? "rank " + member : "the server";
    }
}
