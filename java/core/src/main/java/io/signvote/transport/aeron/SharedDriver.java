package io.signvote.transport.aeron;

import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A media driver for all members of this host: they talk through shared memory, and share one thread for the network.
 * It outlives them, so what they sent last is delivered after they are gone. Thread-safe.
 */
public final class SharedDriver implements AutoCloseable {
    private final MediaDriver driver;
    private final Path directory;
    private final List<String> notes;
    private final ErrorTrap errors;

    private SharedDriver(
            final MediaDriver driver, final Path directory, final List<String> notes, final ErrorTrap errors) {
        this.driver = driver;
        this.directory = directory;
        this.notes = List.copyOf(notes);
        this.errors = errors;
    }

    /**
     * Checks that this host can carry its members, sweeps what dead processes left, and launches.
     *
     * @param settings as the members will use, but without a driver directory: one is made.
     * @return a running driver.
     * @throws io.signvote.error.ConfigurationException naming what is missing and its remedy.
     */
    public static SharedDriver launch(final AeronSettings settings) {
        final List<String> notes = new ArrayList<>();
        final ErrorTrap errors = new ErrorTrap();
        final LinkGeometry geometry = LinkGeometry.of(settings, notes);
        final Path parent = DriverDirectory.parent(settings.memoryDirectory());
        DriverDirectory.sweep(parent, notes);
        SharedMemory.check(settings, geometry, parent, true, 0, SharedMemory::freeLength);

        final Path directory = DriverDirectory.create(parent);
        final int peers = settings.members() - 1;
        try {
            final MediaDriver driver = DriverLauncher.launch(
                    DriverLauncher.context(directory, geometry, peers, settings.localMembers() * peers, errors),
                    errors);
            return new SharedDriver(driver, directory, notes, errors);
        } catch (final RuntimeException ex) {
            DriverDirectory.release(directory);
            throw ex;
        }
    }

    /**
     * What members name as their driver directory.
     *
     * @return existing directory.
     */
    public Path directory() {
        return directory;
    }

    /**
     * What was found wanting and worked around, with the remedy.
     *
     * @return lines for the log, often none.
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Errors that the driver's threads have met.
     *
     * @return a count that never decreases.
     */
    public long errorCount() {
        return errors.count();
    }

    /** Stops the driver and deletes its directory. Members that still use it get an error. */
    @Override
    public void close() {
        driver.close();
        DriverDirectory.release(directory);
    }
}
