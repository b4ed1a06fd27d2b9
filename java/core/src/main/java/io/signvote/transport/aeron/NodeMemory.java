package io.signvote.transport.aeron;

import java.nio.file.Path;

/**
 * The shared memory of a node at one moment, and its needs for the streams of another communicator. Members whose id is
 * equal take their logs from the same memory. Immutable.
 *
 * @param id of the file system: equal only for members of one host whose drivers write into the same one.
 * @param directory of the driver.
 * @param freeLength free bytes of the file system.
 * @param logLength bytes of the log of each stream that this member sends. A receiver with another driver needs as much.
 * @param freeCounters counters that the driver can still give out.
 */
public record NodeMemory(long id, Path directory, long freeLength, long logLength, int freeCounters) {
    /** Counters of a driver that the two streams between two members need, at each of its ends. */
    public static final int COUNTERS_PER_LINK = SharedMemory.COUNTERS_PER_LINK;
}
