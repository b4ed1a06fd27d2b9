package io.signvote.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Where a member of the job receives its frames, and what its links can carry. Told to every other member in the roster. Anything
 * can come from a peer, so whoever takes one checks {@link #objection()} first.
 *
 * @param host address that others send to, numeric.
 * @param port UDP port that it listens on.
 * @param driverDirectory identity of its media driver: the driver's directory with the host's boot identity before it. It is
 *     compared and never opened. Members with equal ones share a driver and exchange frames through shared memory.
 * @param maxFrameLength most bytes of one frame that its links carry, header included, at least {@link #MIN_FRAME_LENGTH}. The
 *     least of all members, rounded down to a multiple of 32, holds for the job.
 * @param receiveBufferLength bytes of its socket receive buffer, as read back, at least 0. Three quarters of the least of all
 *     members bound the credits.
 */
public record Endpoint(String host, int port, String driverDirectory, int maxFrameLength, int receiveBufferLength) {
    /** Least bytes of the largest frame: 96 of header and 32 of payload, as the payload of a full chunk is a multiple of 32. */
    public static final int MIN_FRAME_LENGTH = 128;

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern NUMERIC =
            Pattern.compile(BYTE + "(\\." + BYTE + "){3}|(?!\\.)[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * Why a job cannot run with this member.
     *
     * @return the value and what is expected, or null where there is nothing to object to.
     */
    public String objection() {
        if (maxFrameLength < MIN_FRAME_LENGTH) {
            return "maxFrameLength=" + maxFrameLength + ", expected at least " + MIN_FRAME_LENGTH;
        }
        if (receiveBufferLength < 0) {
            return "receiveBufferLength=" + receiveBufferLength + ", expected at least 0";
        }
        return isReachable(host) ? null : "host=" + host + ", expected the numeric address of one host";
    }

    /** A name would make the media drivers of all others look it up; they send to one host, on any of its links. */
    private static boolean isReachable(final String host) {
        if (!NUMERIC.matcher(host).matches()) {
            return false;
        }
        try {
            final InetAddress address = InetAddress.getByName(host);
            return !address.isAnyLocalAddress()
                    && !address.isMulticastAddress()
                    && !host.equals("255.255.255.255")
                    && !(address instanceof Inet6Address && address.isLinkLocalAddress());
        } catch (final UnknownHostException e) {
            return false;
        }
    }
}
