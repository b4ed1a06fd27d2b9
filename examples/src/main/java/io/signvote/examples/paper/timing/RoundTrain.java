package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.timing.GradientExchange.Kind;
import java.util.Locale;

/**
 * A train of rounds, one directly after the other. It lasts for a time, not for a number of rounds, because a shaped link lets the
 * first bytes of a burst pass at full speed, for 10 ms at most.
 *
 * @param kind   of exchange.
 * @param count  parameters.
 * @param rounds of each train.
 */
record RoundTrain(Kind kind, int count, int rounds) {
    /** Trains of each exchange; the one of median time counts. */
    static final int TRAINS = 3;

    private static final double SHORTEST_MS = 4;
    private static final int WARMUP_SHARE = 4;
    private static final int ROUNDS_MIN = 3;
    private static final int ROUNDS_MAX = 300;

    /**
     * A train of about so long.
     *
     * @param kind    of exchange.
     * @param count   parameters.
     * @param link    between hosts.
     * @param hosts   that exchange.
     * @param trainMs of each train, where links are as fast as they say.
     */
    static RoundTrain lasting(
            final Kind kind, final int count, final ShapedLink link, final int hosts, final double trainMs) {
        final double bytes = kind == Kind.VOTE ? count / 8.0 : 4.0 * count;
        final double roundMs = Math.max(SHORTEST_MS, link.allReduceMs(bytes, hosts));
        return new RoundTrain(kind, count, (int) Math.max(ROUNDS_MIN, Math.min(ROUNDS_MAX, trainMs / roundMs)));
    }

    /** Rounds before each train, which settle what the exchange before left: credits, caches. */
    int warmup() {
        return 1 + rounds / WARMUP_SHARE;
    }

    static RoundTrain parse(final String word) {
        final String[] parts = word.split(":", -1);
        return new RoundTrain(
                Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]));
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return kind + ":" + count + ":" + rounds;
    }
}
