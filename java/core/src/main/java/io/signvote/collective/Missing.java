package io.signvote.collective;

/** Names who has not contributed, for the message of a timeout. Control plane. */
final class Missing {
    private Missing() {}

    /** Those who we know have not contributed, or an empty string where others know better. */
    static String known(final Exchange exchange) {
        if (exchange.own.chunkCount == 0) {
            return "";
        }
        return exchange.plan.isOneWay() ? receivers(exchange) : ballots(exchange);
    }

    /** Members whose verdicts we wait for, who may themselves be waiting for others. */
    static String answers(final Exchange exchange) {
        final StringBuilder members = new StringBuilder();
        for (final Link link : exchange.links) {
            if (link != exchange.own && link.decided < link.chunkCount) {
                append(members, link.member < exchange.settings.ranks() ? "" + link.member : "the server");
            }
        }
        if (!members.isEmpty()) {
            return "answers of [" + members + "]";
        }
        for (final Link link : exchange.links) {
            final boolean owesReport = exchange.plan.isOneWay() && link.chunkCount > 0 && link.reported < link.decided;
            if (link != exchange.own && (exchange.isReceiver(link) && link.answered < exchange.closed || owesReport)) {
                append(members, link.member);
            }
        }
        return "room in the logs of ranks [" + members + "], who take nothing from us";
    }

    /** Ranks whose ballot the next chunk to close waits for. */
    private static String ballots(final Exchange exchange) {
        final StringBuilder ranks = new StringBuilder();
        if (exchange.closed < exchange.own.chunkCount) {
            for (final Link link : exchange.links) {
                final int contributed = link == exchange.own ? link.cast : link.received;
                // floats are added in rank order: those that came out of turn wait in their log, and are not missing
                if (exchange.plan.casts(link.member, exchange.own.member)
                        && contributed <= exchange.closed
                        && exchange.tally().isTurn(exchange.closed, link.member)) {
                    append(ranks, link.member);
                }
            }
        }
        return ranks.isEmpty() ? "" : "ballots of ranks [" + ranks + "]";
    }

    /** Receivers of what flows one way that never came, or else those that fell behind; none where all hold what is ours. */
    private static String receivers(final Exchange exchange) {
        final StringBuilder absent = new StringBuilder();
        final StringBuilder behind = new StringBuilder();
        for (final Link link : exchange.links) {
            if (exchange.isReceiver(link) && link.acknowledged < exchange.own.chunkCount) {
                append(link.acknowledged < 0 ? absent : behind, link.member);
            }
        }
        final StringBuilder missing = absent.isEmpty() ? behind : absent;
        return missing.isEmpty() ? "" : "answers of ranks [" + missing + "]";
    }

    private static void append(final StringBuilder members, final Object member) {
        members.append(members.isEmpty() ? "" : ", ").append(member);
    }
}
