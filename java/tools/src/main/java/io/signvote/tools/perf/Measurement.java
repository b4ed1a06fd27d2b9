package io.signvote.tools.perf;

/**
 * What a train gave, a round, mean of all ranks.
 *
 * @param timeUs from barrier to barrier.
 * @param cpuUs of the rank's process, all threads.
 * @param wireBytes sent by the rank's interface; NaN where it was not looked at.
 * @param linkBytes bytes sent as the library counts them, its transport's framing included.
 * @param wrong coordinates that are wrong, summed over ranks; -1 where nobody checked.
 */
record Measurement(double timeUs, double cpuUs, double wireBytes, double linkBytes, long wrong) {}
