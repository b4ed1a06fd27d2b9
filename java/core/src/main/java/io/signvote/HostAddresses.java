package io.signvote;

import io.signvote.error.ConfigurationException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The addresses of this host. Before a job starts, it refuses addresses that cannot work, and suggests others.
 * Immutable.
 */
final class HostAddresses {
    private final List<InetAddress> own;
    private final List<InetAddress> broadcasts;

    HostAddresses(final List<InetAddress> own, final List<InetAddress> broadcasts) {
        this.own = List.copyOf(own);
        this.broadcasts =
                broadcasts.stream().filter(address -> !own.contains(address)).toList();
    }

    /** Finds the addresses of all interfaces that are up. */
    static HostAddresses find() {
        final List<InetAddress> own = new ArrayList<>();
        final List<InetAddress> broadcasts = new ArrayList<>();
        try {
            for (final NetworkInterface link :
                    NetworkInterface.networkInterfaces().toList()) {
                if (link.isUp()) {
                    for (final InterfaceAddress address : link.getInterfaceAddresses()) {
                        own.add(address.getAddress());
                        broadcasts.add(address.getBroadcast());
                    }
                }
            }
        } catch (final SocketException e) {
            throw new ConfigurationException("the interfaces of this host cannot be listed: " + e.getMessage(), e);
        }
        broadcasts.removeIf(Objects::isNull);
        return new HostAddresses(own, broadcasts);
    }

    /**
     * Refuses an address at which the members cannot reach the coordinator.
     *
     * @param host name or address of rank 0's host.
     * @param address to which the name resolves.
     * @param isHost whether this process listens there.
     * @param isSpread whether ranks are known to be on other hosts.
     */
    void checkMaster(final String host, final InetAddress address, final boolean isHost, final boolean isSpread) {
        final String remedy =
                ": set SIGNVOTE_MASTER_ADDRESS to an address of rank 0's host that the other hosts can reach"
                        + (isHost ? ", for example one of " + candidates() : "");
        final String fact = Configuration.MASTER_ADDRESS.name() + "=" + named(host, address);
        refuse(fact, flaw(address), remedy);
        if (isHost && address.isLoopbackAddress() && isSpread) {
            throw new ConfigurationException(
                    fact + " is a loopback address, which the ranks of this job on other hosts cannot reach" + remedy
                            + ", or correct /etc/hosts");
        }
    }

    /**
     * Refuses an address on which we cannot listen, or at which others cannot reach us.
     *
     * @param value of signvote.interface.
     * @param isSpread whether ranks are known to be on other hosts.
     */
    void checkInterface(final String value, final boolean isSpread) {
        final String remedy = ": take one of " + candidates();
        final InetAddress address;
        try {
            address = InetAddress.getByName(withoutScope(value));
        } catch (final UnknownHostException e) {
            throw new ConfigurationException(
                    Configuration.INTERFACE.name() + "=" + value + " is no address" + remedy, e);
        }
        final String fact = Configuration.INTERFACE.name() + "=" + named(value, address);
        refuse(fact, flaw(address), remedy);
        if (!address.isLoopbackAddress() && !own.contains(address)) {
            throw new ConfigurationException(fact + " is not an address of this host" + remedy);
        }
        if (address.isLoopbackAddress() && isSpread) {
            throw new ConfigurationException(
                    fact + " is a loopback address, which the ranks of this job on other hosts cannot reach" + remedy);
        }
    }

    /** Addresses at which other hosts may reach this one, as text for a message. */
    String candidates() {
        final String all = own.stream()
                .filter(address -> !address.isLoopbackAddress() && flaw(address) == null)
                .map(InetAddress::getHostAddress)
                .map(HostAddresses::withoutScope)
                .distinct()
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "none, since this host has loopback only" : all;
    }

    /**
     * An IPv6 address without its scope, such as {@code %eth0}. A scope is valid on one host only, and only a
     * link-local address needs it.
     */
    static String withoutScope(final String host) {
        return host.indexOf(':') >= 0 && host.indexOf('%') >= 0 ? host.substring(0, host.indexOf('%')) : host;
    }

    /** A name with the address to which it resolves. */
    static String named(final String host, final InetAddress address) {
        final String number = withoutScope(address.getHostAddress());
        return host.toLowerCase(Locale.ROOT).startsWith(number) || isNumeric(host)
                ? host
                : host + ", which is " + number + " here,";
    }

    /**
     * The address as a number without a scope, for members on other hosts. They may not know the names of this host.
     */
    static String numeric(final String host) {
        try {
            return withoutScope(InetAddress.getByName(withoutScope(host)).getHostAddress());
        } catch (final UnknownHostException e) {
            return host;
        }
    }

    private static boolean isNumeric(final String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    /** The reason why an address cannot work, or null. */
    private String flaw(final InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return "the wildcard address";
        }
        if (address.isMulticastAddress()) {
            return "a multicast address";
        }
        if (address.getHostAddress().equals("255.255.255.255") || broadcasts.contains(address)) {
            return "a broadcast address";
        }
        return address instanceof Inet6Address && address.isLinkLocalAddress()
                ? "a link-local address, which other hosts cannot use"
                : null;
    }

    private static void refuse(final String fact, final String flaw, final String remedy) {
        if (flaw != null) {
            throw new ConfigurationException(fact + " is " + flaw + remedy);
        }
    }
}
