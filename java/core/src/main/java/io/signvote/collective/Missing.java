package io.signvote.collective;

/** Names who has not contributed, for the message of a timeout. Control plane. */
final class Missing {
    private Missing() {}

    /** Ranks whose ballot the next chunk to close waits for, or an empty string. */
    static String ballots(final Exchange exchange) {
        final StringBuilder ranks = new StringBuilder();
        if (exchange.closed < exchange.own.chunkCount) {
            for (final Link link : exchange.links) {
                final int contributed = link == exchange.own ? link.cast : link.received;
                if (exchange.plan.casts(link.member) && contributed <= exchange.closed) {
                    append(ranks, link.member);
                }
            }
        }
        return ranks.isEmpty() ? "" : "ballots of ranks [" + ranks + "]";
    }

    /** Members whose verdicts or acknowledgements we wait for. */
    static String answers(final Exchange exchange) {
        final boolean isRoot = exchange.plan.isOneWay() && exchange.own.chunkCount > 0;
        final StringBuilder members = new StringBuilder();
        for (final Link link : exchange.links) {
            final boolean isSilent = isRoot && exchange.isReceiver(link) && link.acknowledged < exchange.own.chunkCount;
            if (link != exchange.own && (link.decided < link.chunkCount || isSilent)) {
                append(members, link.member);
            }
        }
        return "answers of members [" + members + "]";
    }

    private static void append(final StringBuilder members, final int member) {
        members.append(members.isEmpty() ? "" : ", ").append(member);
    }
}
