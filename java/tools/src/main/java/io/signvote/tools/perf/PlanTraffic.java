package io.signvote.tools.perf;

import io.signvote.collective.Plan;
import java.util.Locale;

/** The plans of the option {@code --plan}, and the bytes that each sends in a round. */
enum PlanTraffic {
    /** Every rank tallies a share. */
    SHARDED("2B(M-1)/M a round out of every rank"),
    /** Rank 0 tallies all. */
    STAR("(M-1)B a round out of rank 0"),
    /** Every rank tallies all. */
    REPLICATED("(M-1)B a round out of every rank"),
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
        return switch (this) {
            case SERVER -> wireLength;
            case REPLICATED -> (double) wireLength * (worldSize - 1);
            case SHARDED, STAR -> 2.0 * wireLength * (worldSize - 1) / worldSize;
        };
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
            case STAR, REPLICATED -> (double) wireLength * (worldSize - 1);
            case SERVER -> (double) wireLength * worldSize;
        };
    }

    /**
     * The plan that the library takes for an allreduce of this plan.
     *
     * @param isVote whether it is a majority vote.
     * @param wireLength of one contribution.
     * @param worldSize ranks.
     * @return this plan, or REPLICATED for a small reduction of numbers that is SHARDED.
     */
    PlanTraffic taken(final boolean isVote, final long wireLength, final int worldSize) {
        final boolean isSmall = !isVote && wireLength * (worldSize - 1) <= Plan.MOST_REPLICATED;
        return this == SHARDED && isSmall ? REPLICATED : this;
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
