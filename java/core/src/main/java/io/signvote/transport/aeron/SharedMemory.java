package io.signvote.transport.aeron;

import io.aeron.logbuffer.LogBufferDescriptor;
import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.status.CountersReader;

/** Counts the log buffers of all local members before any is made: what runs out later is an error nobody can place. */
final class SharedMemory {
    /** Aeron's page. */
    static final int PAGE_LENGTH = 4096;

    // Command buffers, error log and loss report of one driver, at Aeron's least lengths.
    private static final long DRIVER_LENGTH = 5L << 20;

    // A counter takes 128 bytes of values and 512 of description; a link has about ten, at its two ends together.
    private static final int COUNTERS_PER_LINK = 16;
    private static final int COUNTER_VALUE_LENGTH = CountersReader.COUNTER_LENGTH;
    private static final int MIN_COUNTERS_LENGTH = 1 << 20;
    private static final int DESCRIPTIONS_PER_VALUE = CountersReader.METADATA_LENGTH / CountersReader.COUNTER_LENGTH;

    private SharedMemory() {}

    /**
     * Bytes that all local members need together.
     *
     * @param isShared whether they use one driver, which then reads what they send each other in place.
     */
    static long neededLength(final AeronSettings settings, final int termLength, final boolean isShared) {
        final long members = settings.members();
        final long local = settings.localMembers();
        final long publications = local * (members - 1);
        final long images = isShared ? local * (members - local) : publications;
        final long drivers = isShared ? 1 : local;
        return (publications + images) * LogBufferDescriptor.computeLogLength(termLength, PAGE_LENGTH)
                + drivers * driverLength((int) (publications / drivers));
    }

    /** Bytes of counter values that a driver with so many links needs. */
    static int countersLength(final int links) {
        return Math.max(MIN_COUNTERS_LENGTH, links * COUNTERS_PER_LINK * COUNTER_VALUE_LENGTH);
    }

    private static long driverLength(final int links) {
        return DRIVER_LENGTH + (1L + DESCRIPTIONS_PER_VALUE) * countersLength(links);
    }

    /**
     * Demands that it is there.
     *
     * @param directory parent of embedded drivers, or the directory of a shared one.
     * @param isShared whether the local members use one driver.
     * @param heldLength bytes that local members, or what they share, hold of it already.
     * @param freeLength asks a file system for its free bytes.
     */
    static void check(
            final AeronSettings settings,
            final LinkGeometry geometry,
            final Path directory,
            final boolean isShared,
            final long heldLength,
            final ToLongFunction<Path> freeLength) {
        final long needed = neededLength(settings, geometry.termLength(), isShared);
        // Local members that were faster than we hold some of it already: what is held counts as ours, but for
        // our share.
        final long othersNeed = needed / settings.localMembers() * (settings.localMembers() - 1);
        final long available = freeLength.applyAsLong(directory) + Math.min(othersNeed, heldLength);

        if (available < needed) {
            throw new ConfigurationException("shared memory is too small: directory=" + directory + " needed=" + needed
                    + " available=" + available + " for localMembers=" + settings.localMembers() + " of members="
                    + settings.members() + " at 3 x termLength=" + geometry.termLength()
                    + " a stream, enlarge it (mount -o"
                    + " remount,size=" + mebibytes(totalLength(directory) + needed - available) + "m " + directory
                    + ", for a container --shm-size)"
                    + (isShared ? "" : ", share one media driver a host (signvote.aeron.dir)")
                    + " or lower signvote.socket.buffer, now " + geometry.receiveBufferLength());
        }
    }

    /** Bytes that drivers under a directory hold, and those of a shared driver in it. */
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

    private static long totalLength(final Path directory) {
        try {
            return Files.getFileStore(directory).getTotalSpace();
        } catch (final IOException ex) {
            return 0;
        }
    }

    private static long mebibytes(final long length) {
        return (length >> 20) + 1;
    }
}
