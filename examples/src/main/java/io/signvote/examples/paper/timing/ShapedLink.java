package io.signvote.examples.paper.timing;

import java.util.Locale;

/**
 * The link of a host, in either direction.
 *
 * @param megabits a second.
 */
public record ShapedLink(int megabits) {
    /**
     * The least that an allreduce takes, whatever its algorithm, as far as the link goes.
     *
     * @param bytes of one rank's contribution.
     * @param hosts one rank each.
     * @return milliseconds.
     */
    public double allReduceMs(final double bytes, final int hosts) {
        return 2 * bytes * (hosts - 1) / hosts * 8 / (megabits * 1e3);
    }

    /** {@return as ci/testbed takes it} */
    String rate() {
        return megabits + "mbit";
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d Mbit/s", megabits);
    }
}
