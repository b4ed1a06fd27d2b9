package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What this host offers to the transport, for a person to read: found by looking only, nothing is started.
 *
 * @param memoryDirectory where driver directories are made.
 * @param freeLength free bytes of its file system.
 * @param neededLength bytes that all local members need there; 0 where a problem keeps it from being computed.
 * @param receiveBufferLength SO_RCVBUF granted.
 * @param sendBufferLength SO_SNDBUF granted.
 * @param mtuLength UDP payload of the datagrams that would be sent; 0 where a problem keeps it from being computed.
 * @param links network interfaces that are up.
 * @param problems what keeps a node from opening, with the remedy; empty when nothing does.
 * @param notes what would be worked around, with the remedy.
 */
public record HostReport(
        Path memoryDirectory,
        long freeLength,
        long neededLength,
        int receiveBufferLength,
        int sendBufferLength,
        int mtuLength,
        List<Link> links,
        List<String> problems,
        List<String> notes) {
    /**
     * A network interface.
     *
     * @param name as the system calls it.
     * @param mtu bytes of its largest packet.
     * @param addresses numeric.
     */
    public record Link(String name, int mtu, List<String> addresses) {}

    /**
     * Looks at everything that opening a node with these settings would need.
     *
     * @param settings of the hall.
     * @return what was found.
     */
    public static HostReport inspect(final AeronSettings settings) {
        final List<String> problems = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        final boolean isShared = settings.driverDirectory() != null;
        final Path directory =
                isShared ? settings.driverDirectory() : DriverDirectory.parent(settings.memoryDirectory());
        final SocketBuffers granted = SocketBuffers.probe(LinkGeometry.SOCKET_BUFFER_WANTED);
        long needed = 0;
        int mtuLength = 0;
        try {
            final LinkGeometry geometry = LinkGeometry.of(settings, notes);
            mtuLength = geometry.mtuLength();
            needed = SharedMemory.neededLength(settings, geometry.termLength(), isShared);
            SharedMemory.check(settings, geometry, directory, isShared, SharedMemory::freeLength);
        } catch (final ConfigurationException ex) {
            problems.add(ex.getMessage());
        }
        return new HostReport(
                directory,
                SharedMemory.freeLength(directory),
                needed,
                granted.receiveLength(),
                granted.sendLength(),
                mtuLength,
                linksThatAreUp(),
                List.copyOf(problems),
                List.copyOf(notes));
    }

    private static List<Link> linksThatAreUp() {
        final List<Link> links = new ArrayList<>();
        try {
            for (final NetworkInterface link :
                    NetworkInterface.networkInterfaces().toList()) {
                if (link.isUp()) {
                    links.add(new Link(
                            link.getName(),
                            link.getMTU(),
                            link.inetAddresses()
                                    .map(InetAddress::getHostAddress)
                                    .toList()));
                }
            }
        } catch (final SocketException ex) {
            throw new UncheckedIOException("network interfaces cannot be listed", ex);
        }
        return List.copyOf(links);
    }
}
