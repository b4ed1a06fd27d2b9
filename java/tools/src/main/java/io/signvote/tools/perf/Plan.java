package io.signvote.tools.perf;

/** Plans that can be asked for, and what each puts on its links in a round. */
enum Plan {
    /** Every rank tallies a share. */
    SHARDED,
    /** Rank 0 tallies all, or a pure server where the job has one. */
    STAR;

    /**
     * Bytes out of a rank, the mean of all ranks: the ballots that go to other processes and the verdicts that come back
     * from ranks.
     *
     * @param wireLength of one contribution.
     * @param worldSize ranks.
     * @param hasServer whether a pure server tallies.
     * @return bytes without framing.
     */
    double payload(final long wireLength, final int worldSize, final boolean hasServer) {
        return this == STAR && hasServer ? wireLength : 2.0 * wireLength * (worldSize - 1) / worldSize;
    }

    /**
     * Bytes out of the member that sends most, which is what a link's rate limits.
     *
     * @param wireLength of one contribution.
     * @param worldSize ranks.
     * @param hasServer whether a pure server tallies.
     * @return bytes without framing.
     */
    double busiest(final long wireLength, final int worldSize, final boolean hasServer) {
        if (this == SHARDED) {
            return 2.0 * wireLength * (worldSize - 1) / worldSize;
        }
        return (double) wireLength * (hasServer ? worldSize : worldSize - 1);
    }
}
