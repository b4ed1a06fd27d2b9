package io.signvote.collective;

/** Names who has not contributed, for the message of a timeout. Control plane. */
final class Missing {
    private Missing() {}

    /** Ranks whose ballot the next chunk to close waits for, or an empty string. */
    static String ballots(final Link[] links, final Link own, final Plan plan, final int closed) {
        final StringBuilder ranks = new StringBuilder();
        if (closed < own.chunkCount) {
            for (final Link link : links) {
                final int contributed = link == own ? link.cast : link.received;
                if (plan.casts(link.member) && contributed <= closed) {
                    append(ranks, link.member);
                }
            }
        }
        return ranks.isEmpty() ? "" : "ballots of ranks [" + ranks + "]";
    }

    /** Members whose verdicts or acknowledgements we wait for. */
    static String verdicts(final Link[] links, final Link own, final Plan plan) {
        final StringBuilder members = new StringBuilder();
        for (final Link link : links) {
            final boolean isSilent = plan.isOneWay() && own.chunkCount > 0 && link.acknowledged < own.chunkCount;
            if (link != own && (link.decided < link.chunkCount || isSilent)) {
                append(members, link.member);
            }
        }
        return "answers of members [" + members + "]";
    }

    private static void append(final StringBuilder members, final int member) {
        members.append(members.isEmpty() ? "" : ", ").append(member);
    }
}
