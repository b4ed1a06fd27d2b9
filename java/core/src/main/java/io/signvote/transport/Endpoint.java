package io.signvote.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The address at which a member of the job receives frames, and the limits of its links. Every other member gets it in
 * the roster. A peer may send any values, so a receiver checks {@link #objection()} first. Immutable.
 *
 * @param host numeric address to which others send.
 * @param port UDP port on which it listens.
 * @param driverDirectory identity of its media driver: the host's boot identity, then the driver's directory. It is
 *     compared and never opened. Members with equal identities share a driver and exchange frames through shared
 *     memory.
 * @param maxFrameLength most bytes of one frame on its links, header included, at least {@link #MIN_FRAME_LENGTH}. The
 *     job uses the least value of all members, rounded down to a multiple of 32.
 * @param receiveBufferLength bytes of its socket receive buffer, as the system reports them, at least 0. Three quarters
 *     of the least value of all members limit the credits.
 */
public record Endpoint(String host, int port, String driverDirectory, int maxFrameLength, int receiveBufferLength) {
    /**
     * Least value of maxFrameLength: 96 bytes of header and 32 of payload. The payload of a full chunk is a multiple of
     * 32.
     */
    public static final int MIN_FRAME_LENGTH = 128;

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern NUMERIC =
            Pattern.compile(BYTE + "(\\." + BYTE + "){3}|(?!\\.)[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * The reason why a job cannot run with this member.
     *
     * @return the wrong value and the expected one, or null if all values are valid.
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

    /**
     * Whether the host is a numeric address of one host. With a name, the media drivers of all other members would have
     * to resolve it.
     */
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
