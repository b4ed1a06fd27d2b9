package io.signvote.transport.aeron;

import io.signvote.error.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The resources of this host for the transport, as a report for people. It only reads the state of the host and starts
 * nothing. Immutable.
 *
 * @param memoryDirectory parent of driver directories, or the directory of a running driver.
 * @param freeLength free bytes of its file system.
 * @param neededLength bytes that all local members need there; 0 if a problem prevents the computation.
 * @param receiveBufferLength SO_RCVBUF granted.
 * @param sendBufferLength SO_SNDBUF granted.
 * @param mtuLength UDP payload of the largest datagram; 0 if a problem prevents the computation.
 * @param problems reasons why a node cannot open, with the remedy; empty if there are none.
 * @param notes shortages that do not prevent a job, with the remedy.
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
     * Checks the resources that all local members of a job need together. They share the driver of the settings, or a
     * driver that a launcher will start.
     *
     * @param settings of the hall.
     * @return the report.
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
