package io.signvote.transport.aeron;

import io.aeron.logbuffer.LogBufferDescriptor;
import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/** Counts the log buffers of all local members before any is made: what runs out later is an error nobody can place. */
final class SharedMemory {
    /** Aeron's page. */
    static final int PAGE_LENGTH = 4096;

    // Command and counter buffers, error log and loss report of one driver, at Aeron's least lengths.
    private static final long DRIVER_LENGTH = 10L << 20;

    private SharedMemory() {}

    /** Bytes that all local members need together. */
    static long neededLength(final AeronSettings settings, final int termLength) {
        final boolean isEmbedded = settings.driverDirectory() == null;
        final long publications = settings.members() - 1L;
        // Members of one driver read each other's publications in place; all others keep an image of what comes.
        final long images = isEmbedded ? publications : settings.members() - settings.localMembers();
        final long perMember = (publications + images) * LogBufferDescriptor.computeLogLength(termLength, PAGE_LENGTH)
                + (isEmbedded ? DRIVER_LENGTH : 0);
        return settings.localMembers() * perMember;
    }

    /**
     * Demands that it is there.
     *
     * @param directory parent of embedded drivers, or the directory of an external one.
     * @param freeLength asks a file system for its free bytes.
     */
    static void check(
            final AeronSettings settings,
            final LinkGeometry geometry,
            final Path directory,
            final ToLongFunction<Path> freeLength) {
        final long needed = neededLength(settings, geometry.termLength());
        // Local members that were faster than we hold some of it already: what is held counts as ours, but for our share.
        final long othersNeed = needed / settings.localMembers() * (settings.localMembers() - 1);
        final long held = settings.driverDirectory() == null
                ? DriverDirectory.heldLength(directory)
                : DriverDirectory.length(directory);
        final long available = freeLength.applyAsLong(directory) + Math.min(othersNeed, held);

        if (available < needed) {
            throw new ConfigurationException("shared memory is too small: directory=" + directory + " needed=" + needed
                    + " available=" + available + " for localMembers=" + settings.localMembers() + " of members="
                    + settings.members() + " at 3 x termLength=" + geometry.termLength() + " a stream, enlarge it (mount -o"
                    + " remount,size=" + mebibytes(totalLength(directory) + needed - available) + "m " + directory
                    + ", for a container --shm-size) or lower windowLength=" + geometry.windowLength());
        }
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
