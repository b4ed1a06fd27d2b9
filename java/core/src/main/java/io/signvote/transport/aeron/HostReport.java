package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
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
        List<String> problems,
        List<String> notes) {
    /**
     * Looks at everything that the local members of a job would need together, who share the driver that the settings name, or
     * one that a launcher is still to start.
     *
     * @param settings of the hall.
     * @return what was found.
     */
    public static HostReport inspect(final AeronSettings settings) {
        final List<String> problems = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        final boolean isRunning = settings.driverDirectory() != null;
        final Path directory =
                isRunning ? settings.driverDirectory() : DriverDirectory.parent(settings.memoryDirectory());
        final SocketBuffers granted = SocketBuffers.probe(LinkGeometry.SOCKET_BUFFER_WANTED);
        long needed = 0;
        int mtuLength = 0;
        try {
            final LinkGeometry geometry = LinkGeometry.of(settings, notes);
            mtuLength = geometry.mtuLength();
            needed = SharedMemory.neededLength(settings, geometry.termLength(), true);
            final long held = isRunning ? SharedMemory.heldLength(directory, true) : 0;
            SharedMemory.check(settings, geometry, directory, true, held, SharedMemory::freeLength);
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
                List.copyOf(problems),
                List.copyOf(notes));
    }
}
