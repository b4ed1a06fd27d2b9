package io.signvote.tools.perf;

import java.util.Locale;

/** The plans of the option {@code --plan}, and the bytes that each sends in a round. */
enum PlanTraffic {
    /** Every rank tallies a share. */
    SHARDED("2B(M-1)/M a round out of every rank"),
    /** Rank 0 tallies all. */
    STAR("(M-1)B a round out of rank 0"),
    /** A pure server tallies all. */
    SERVER("MB a round out of the server");

    private final String formula;

    PlanTraffic(final String formula) {
        this.formula = formula;
    }

    /**
     * Bytes that a rank sends, as the mean of all ranks: ballots to other processes, and verdicts if ranks tally.
     *
     * @param wireLength of one contribution.
     * @param worldSize ranks.
     * @return bytes without framing.
     */
    double payload(final long wireLength, final int worldSize) {
        return this == SERVER ? wireLength : 2.0 * wireLength * (worldSize - 1) / worldSize;
    }

    /**
     * Bytes of the member that sends most. The rate of a link limits them.
     *
     * @param wireLength of one contribution.
     * @param worldSize ranks.
     * @return bytes without framing.
     */
    double busiest(final long wireLength, final int worldSize) {
        return switch (this) {
            case SHARDED -> 2.0 * wireLength * (worldSize - 1) / worldSize;
            case STAR -> (double) wireLength * (worldSize - 1);
            case SERVER -> (double) wireLength * worldSize;
        };
    }

    /**
     * Formula of {@link #busiest} for people; M is worldSize and B is wireLength.
     *
     * @return formula.
     */
    String formula() {
        return formula;
    }

    /**
     * Name in options and properties.
     *
     * @return name in lower case.
     */
    String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
