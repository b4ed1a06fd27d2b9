package io.signvote.tools.perf;

import java.util.Locale;

/** Plans that can be asked for, and what each puts on its links in a round. */
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
     * Bytes out of a rank, the mean of all ranks: ballots to other processes, and verdicts where ranks tally.
     *
     * @param wireLength of one contribution.
     * @param worldSize ranks.
     * @return bytes without framing.
     */
    double payload(final long wireLength, final int worldSize) {
        return this == SERVER ? wireLength : 2.0 * wireLength * (worldSize - 1) / worldSize;
    }

    /**
     * Bytes out of the member that sends most, which is what a link's rate limits.
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
     * {@link #busiest} for people; M is worldSize and B the wireLength.
     *
     * @return formula.
     */
    String formula() {
        return formula;
    }

    /**
     * As options and properties spell it.
     *
     * @return name in lower case.
     */
    String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
