package io.signvote.tools.perf;

/**
 * The result of a train, per round.
 *
 * @param timeUs time from barrier to barrier, of the ranks that {@link Average} selects.
 * @param cpuUs CPU time of a rank's process, all threads, as the mean of all ranks.
 * @param wireBytes bytes sent by a rank's interface, as the mean of all ranks; NaN if it was not measured.
 * @param linkBytes bytes sent by the library's own count, including the transport's framing, as the mean of all ranks.
 * @param busiestBytes the same of the rank that sends most.
 * @param wrong number of wrong elements of all ranks; -1 without a check.
 * @param calls times of the single calls of all ranks; null if they were not measured.
 */
record Measurement(
        double timeUs,
        double cpuUs,
        double wireBytes,
        double linkBytes,
        double busiestBytes,
        long wrong,
        CallTimes calls) {
    /**
     * Adds the result of the checks.
     *
     * @param count wrong elements of all ranks.
     * @return measurement.
     */
    Measurement withWrong(final long count) {
        return new Measurement(timeUs, cpuUs, wireBytes, linkBytes, busiestBytes, count, calls);
    }
}
