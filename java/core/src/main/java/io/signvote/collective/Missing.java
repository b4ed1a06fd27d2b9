package io.signvote.collective;

/** Names who has not contributed, for the message of a timeout. Control plane. */
final class Missing {
    private Missing() {}

    /** Those who we know have not contributed, or an empty string where others know better. */
    static String known(final Round round) {
        if (round.own.chunkCount == 0) {
            return "";
        }
        return round.plan.isOneWay() ? receivers(round) : ballots(round);
    }

    /** Members whose verdicts we wait for, who may themselves be waiting for others. */
    static String answers(final Round round) {
        final StringBuilder members = new StringBuilder();
        for (final Link link : round.links) {
            if (link != round.own && link.decided < link.chunkCount) {
                append(members, link.member < round.settings.ranks() ? "" + link.member : "the server");
            }
        }
        if (!members.isEmpty()) {
            return "answers of [" + members + "]";
        }
        for (final Link link : round.links) {
            final boolean owesReport = round.plan.isOneWay() && link.chunkCount > 0 && link.reported < link.decided;
            if (link != round.own && (round.isReceiver(link) && link.answered < round.closed || owesReport)) {
                append(members, link.member);
            }
        }
        return "room in the logs of ranks [" + members + "], who take nothing from us";
    }

    /** Ranks whose ballot the next chunk to close waits for. */
    private static String ballots(final Round round) {
        final StringBuilder ranks = new StringBuilder();
        if (round.closed < round.own.chunkCount) {
            for (final Link link : round.links) {
                final int contributed = link == round.own ? link.cast : link.received;
                // floats are added in rank order: those that came out of turn wait in their log, and are not missing
                if (round.plan.casts(link.member, round.own.member)
                        && contributed <= round.closed
                        && round.tally().isTurn(round.closed, link.member)) {
                    append(ranks, link.member);
                }
            }
        }
        return ranks.isEmpty() ? "" : "ballots of ranks [" + ranks + "]";
    }

    /** Receivers of what flows one way that never came, or else those that fell behind; none where all hold what is ours. */
    private static String receivers(final Round round) {
        final StringBuilder absent = new StringBuilder();
        final StringBuilder behind = new StringBuilder();
        for (final Link link : round.links) {
            if (round.isReceiver(link) && link.acknowledged < round.own.chunkCount) {
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
