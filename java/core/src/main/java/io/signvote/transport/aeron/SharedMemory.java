package io.signvote.transport.aeron;

import io.aeron.driver.Configuration;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.status.CountersReader;

/**
 * Checks that memory suffices for the log buffers of all local members, before any is made. A shortage later would be
 * an error without a clear cause.
 */
final class SharedMemory {
    /** Aeron's page. */
    static final int PAGE_LENGTH = 4096;

    // Two command buffers, error log and loss report of one driver, at Aeron's least lengths. The first three are one
    // file, with a page for its description and a page for its end.
    private static final long DRIVER_LENGTH = Configuration.CONDUCTOR_BUFFER_LENGTH_DEFAULT
            + Configuration.TO_CLIENTS_BUFFER_LENGTH_DEFAULT
            + Configuration.ERROR_BUFFER_LENGTH_DEFAULT
            + Configuration.LOSS_REPORT_BUFFER_LENGTH_DEFAULT
            + 2L * PAGE_LENGTH;

    // A counter takes 128 bytes of values and 512 bytes of description. A link has about ten counters, at both ends
    // together.
    static final int COUNTERS_PER_LINK = 16;
    private static final int COUNTER_VALUE_LENGTH = CountersReader.COUNTER_LENGTH;
    private static final int MIN_COUNTERS_LENGTH = 1 << 20;
    private static final int DESCRIPTIONS_PER_VALUE = CountersReader.METADATA_LENGTH / CountersReader.COUNTER_LENGTH;

    private SharedMemory() {}

    /**
     * Bytes that all local members need together.
     *
     * @param isShared whether they use one driver. Receivers then read the logs of local senders in place.
     */
    static long neededLength(final AeronSettings settings, final int termLength, final boolean isShared) {
        final long members = settings.members();
        final long local = settings.localMembers();
        final long publications = local * (members - 1);
        final long images = isShared ? local * (members - local) : publications;
        final long drivers = isShared ? 1 : local;
        return (publications + images) * logLength(termLength) + drivers * driverLength((int) (publications / drivers));
    }

    /** Bytes of one log. */
    static long logLength(final int termLength) {
        return LogBufferDescriptor.computeLogLength(termLength, PAGE_LENGTH);
    }

    /** Bytes of counter values that a driver with this number of links needs. */
    static int countersLength(final int links) {
        return Math.max(MIN_COUNTERS_LENGTH, links * COUNTERS_PER_LINK * COUNTER_VALUE_LENGTH);
    }

    private static long driverLength(final int links) {
        return DRIVER_LENGTH + (1L + DESCRIPTIONS_PER_VALUE) * countersLength(links);
    }

    /**
     * Requires enough memory.
     *
     * @param directory parent of embedded drivers, or the directory of a shared one.
     * @param isShared whether the local members use one driver.
     * @param heldLength bytes that local members, or their shared driver, hold of it already.
     * @param freeLength function from a directory to the free bytes of its file system.
     */
    static void check(
            final AeronSettings settings,
            final LinkGeometry geometry,
            final Path directory,
            final boolean isShared,
            final long heldLength,
            final ToLongFunction<Path> freeLength) {
        final long needed = neededLength(settings, geometry.termLength(), isShared);
        // Local members that were faster than this one hold some of it already. Their bytes count as available, up to
        // the needs of the other members.
        final long othersNeed = needed / settings.localMembers() * (settings.localMembers() - 1);
        final long available = freeLength.applyAsLong(directory) + Math.min(othersNeed, heldLength);

        if (available < needed) {
            throw new ConfigurationException("shared memory is too small: directory=" + directory + " needed=" + needed
                    + " available=" + available + " for localMembers=" + settings.localMembers() + " of members="
                    + settings.members() + " at 3 x termLength=" + geometry.termLength() + " a stream, "
                    + enlarging(directory, needed - available)
                    + (isShared ? "" : ", share one media driver a host (signvote.aeron.dir)")
                    + lowering(settings, geometry, isShared, available));
        }
    }

    /** The remedy to enlarge a file system. Only a tmpfs can be enlarged in place, at its mount point. */
    private static String enlarging(final Path directory, final long missing) {
        try {
            final FileStore store = Files.getFileStore(directory);
            if (!store.type().equals("tmpfs")) {
                return "make room in its file system (" + store.type() + ")";
            }
            return "enlarge it (mount -o remount,size=" + mebibytes(store.getTotalSpace() + missing) + "m "
                    + mountPoint(directory) + ", for a container --shm-size="
                    + mebibytes(store.getTotalSpace() + missing)
                    + "m)";
        } catch (final IOException ex) {
            return "enlarge it";
        }
    }

    /** The mount point of a directory's file system. */
    static Path mountPoint(final Path directory) throws IOException {
        Path point = directory.toRealPath();
        final Object device = Files.getAttribute(point, "unix:dev");
        while (point.getParent() != null && device.equals(Files.getAttribute(point.getParent(), "unix:dev"))) {
            point = point.getParent();
        }
        return point;
    }

    /** The remedy to set smaller socket buffers, whose windows and logs fit. Empty if none are small enough. */
    private static String lowering(
            final AeronSettings settings, final LinkGeometry geometry, final boolean isShared, final long available) {
        final int now = geometry.receiveBufferLength();
        for (int length = Integer.highestOneBit(now - 1); length >= LinkGeometry.MIN_MTU_LENGTH; length /= 2) {
            try {
                final LinkGeometry smaller = LinkGeometry.of(
                        settings.withSocketBufferLength(length),
                        Interfaces.mtuLength(settings.host()),
                        new SocketBuffers(length, length));
                if (neededLength(settings, smaller.termLength(), isShared) <= available) {
                    return ", or set signvote.socket.buffer=" + length + ", now " + now;
                }
            } catch (final ConfigurationException ex) {
                return ""; // a window no longer holds its datagrams
            }
        }
        return "";
    }

    /** Bytes that drivers under a directory hold, including those of a shared driver in it. */
    static long heldLength(final Path directory, final boolean isShared) {
        return DriverDirectory.heldLength(directory) + (isShared ? DriverDirectory.length(directory) : 0);
    }

    /** Free bytes of the file system of a directory. */
    static long freeLength(final Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (final IOException ex) {
            throw new ConfigurationException("directory=" + directory + " cannot be read: " + ex.getMessage(), ex);
        }
    }

    private static long mebibytes(final long length) {
        return (length >> 20) + 1;
    }
}
