package io.signvote.transport;

/**
 * Where a member of the job receives its frames, and what its links can carry. Told to every other member in the roster.
 *
 * @param host address that others send to, numeric.
 * @param port UDP port that it listens on.
 * @param driverDirectory media driver directory with the host's boot identity before it; members with equal ones share a
 *     driver and talk through shared memory.
 * @param maxFrameLength bytes of the largest frame that its links carry unfragmented.
 * @param receiveBufferLength bytes of its socket receive buffer, as read back.
 */
public record Endpoint(String host, int port, String driverDirectory, int maxFrameLength, int receiveBufferLength) {}
