package io.signvote.transport.aeron;

import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
        return launch(settings, context -> {});
    }

    /**
     * The same for tests, whose drivers do not start.
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
            // whatever it is: Agrona also throws checked exceptions that nobody declares
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

    /** Stops the driver and deletes its directory, on an interrupted thread too. Members that still use it get an error. */
    @Override
    public void close() {
        Undisturbed.run(() -> {
            driver.close();
            DriverDirectory.release(directory);
        });
    }
}
