package io.signvote.transport.aeron;

import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A media driver for all members of this host. They exchange frames through shared memory, and share one thread for the
 * network. The driver outlives them, so it still delivers their last frames after they have ended. Thread-safe.
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
     * Checks that this host meets the needs of its members, deletes the directories of dead processes, and launches a
     * driver.
     *
     * @param settings of the members, without a driver directory: this makes one.
     * @return a running driver, which the caller closes.
     * @throws io.signvote.error.ConfigurationException if something is missing, with the remedy.
     */
    public static SharedDriver launch(final AeronSettings settings) {
        return launch(settings, context -> {});
    }

    /**
     * Launches a driver for tests, such as one that does not start.
     *
     * @param adjustment of the driver's context.
     */
    static SharedDriver launch(final AeronSettings settings, final Consumer<MediaDriver.Context> adjustment) {
        final List<String> notes = new ArrayList<>();
        final ErrorTrap errors = new ErrorTrap();
        final LinkGeometry geometry = LinkGeometry.of(settings, notes);
        final Path parent = DriverDirectory.parent(settings.memoryDirectory());
        DriverDirectory.sweep(parent, notes);
        SharedMemory.check(settings, geometry, parent, true, 0, SharedMemory::freeLength);

        final Path directory = DriverDirectory.create(parent);
        final int peers = settings.members() - 1;
        try {
            final MediaDriver.Context context =
                    DriverLauncher.context(directory, geometry, peers, settings.localMembers() * peers, errors);
            adjustment.accept(context);
            return new SharedDriver(DriverLauncher.launch(context, errors), directory, notes, errors);
        } catch (final Throwable ex) {
            // catches any throwable: Agrona also throws checked exceptions that it does not declare
            DriverDirectory.release(directory);
            throw ex;
        }
    }

    /**
     * Driver directory for the settings of the members.
     *
     * @return existing directory.
     */
    public Path directory() {
        return directory;
    }

    /**
     * Shortages that do not prevent a job, with the remedy.
     *
     * @return lines for the log, often none.
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Number of errors of the driver's threads.
     *
     * @return a count that never decreases.
     */
    public long errorCount() {
        return errors.count();
    }

    /** Stops the driver and deletes its directory, on an interrupted thread too. Members that still use it get an error. */
    @Override
    public void close() {
        Undisturbed.run(() -> {
            driver.close();
            DriverDirectory.release(directory);
        });
    }
}
