package io.signvote.tools.perf;

/**
 * The result of a train, per round, as the mean of all ranks.
 *
 * @param timeUs time from barrier to barrier.
 * @param cpuUs CPU time of the rank's process, all threads.
 * @param wireBytes bytes sent by the rank's interface; NaN if it was not measured.
 * @param linkBytes bytes sent by the library's own count, including the transport's framing.
 * @param wrong number of wrong coordinates of all ranks; -1 without a check.
 */
record Measurement(double timeUs, double cpuUs, double wireBytes, double linkBytes, long wrong) {}
