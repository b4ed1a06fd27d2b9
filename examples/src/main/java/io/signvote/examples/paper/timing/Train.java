package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.timing.Exchange.Kind;
import java.util.Locale;

/**
 * Rounds back to back, since a shaped link forgives the first bytes of a burst.
 *
 * @param kind   of exchange.
 * @param count  parameters.
 * @param warmup rounds before the first train.
 * @param rounds of each train.
 */
record Train(Kind kind, int count, int warmup, int rounds) {
    /** Trains of each exchange; the one of median time counts. */
    static final int TRAINS = 3;

    private static final double SHORTEST_MS = 2;
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
    static Train lasting(final Kind kind, final int count, final Link link, final int hosts, final double trainMs) {
        final double bytes = kind == Kind.VOTE ? count / 8.0 : 4.0 * count;
        final double roundMs = Math.max(SHORTEST_MS, link.allReduceMs(bytes, hosts));
        final int rounds = (int) Math.max(ROUNDS_MIN, Math.min(ROUNDS_MAX, trainMs / roundMs));
        return new Train(kind, count, (int) Math.min(ROUNDS_MAX, 1 + trainMs / roundMs), rounds);
    }

    static Train parse(final String word) {
        final String[] parts = word.split(":", -1);
        return new Train(
                Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return kind + ":" + count + ":" + warmup + ":" + rounds;
    }
}
