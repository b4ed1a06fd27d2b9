package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Limits of this host's network interfaces. */
final class Interfaces {
    private static final int IPV4_HEADERS_LENGTH = 28;
    private static final int IPV6_HEADERS_LENGTH = 48;

    private Interfaces() {}

    /** Largest UDP payload of a datagram that the interface with this address sends without fragmentation. */
    static int mtuLength(final String host) {
        try {
            final InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress()) {
                throw new ConfigurationException(
                        "host=" + host + " is the wildcard address, set the address to which the others send");
            }
            final NetworkInterface link = NetworkInterface.getByInetAddress(address);
            if (link == null) {
                throw new ConfigurationException(
                        "host=" + host + " is not an address of this host, name one of its interfaces");
            }
            return payloadLength(link.getMTU(), address);
        } catch (final IOException ex) {
            throw new ConfigurationException("host=" + host + " cannot be looked up: " + ex.getMessage(), ex);
        }
    }

    /** UDP payload that fits a link's MTU, in whole multiples of 32. */
    static int payloadLength(final int linkMtu, final InetAddress address) {
        final int headers = address instanceof Inet6Address ? IPV6_HEADERS_LENGTH : IPV4_HEADERS_LENGTH;
        return Math.min(
                (linkMtu - headers) / LinkGeometry.ALIGNMENT * LinkGeometry.ALIGNMENT, LinkGeometry.MAX_MTU_LENGTH);
    }
}
