package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.signvote.transport.LinkState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our drivers and their clients live by a clock that nobody sets; those of a driver that is not ours by the wall clock, as it
 * does. {@code ci/checks/clock} steps the clock under real jobs.
 */
class ClockSystemTest {
    // A client tells the driver that it lives twice a second.
    private static final long HEARTBEATS_NS = TimeUnit.MILLISECONDS.toNanos(1_500);

    @TempDir
    private Path folder;

    @Test
    void shouldNotLookAtTheWallClock() {
        final LinkGeometry geometry = new LinkGeometry(1408, 64 << 10, 1 << 20, 1 << 20, 1 << 20);
        final Path directory = DriverDirectory.create(folder);
        try {
            final EpochClock ofDriver = DriverLauncher.context(directory, geometry, 1, 1, new ErrorTrap())
                    .epochClock();
            final EpochClock ofClient =
                    DriverLauncher.clientContext(directory, new ErrorTrap()).epochClock();

            assertSame(ofDriver, ofClient);
            final long startNs = System.nanoTime();
            final long startMs = ofClient.time();
            while (ofClient.time() == startMs) {
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(1), "it stands still");
            }
            final long offsetMs = ofClient.time() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            assertEquals(offsetMs, ofClient.time() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), 1);
            assertTrue(startMs > TimeUnit.DAYS.toMillis(365), "far from what Aeron takes for a closed driver");
        } finally {
            DriverDirectory.release(directory);
        }
    }

    @Test
    void shouldKnowOurDriversByTheirDirectories() throws Exception {
        final Path ours = Files.createDirectory(DriverDirectory.create(folder));
        final Path link = Files.createSymbolicLink(folder.resolve("link"), ours);
        final Path stock = Files.createDirectory(folder.resolve("driver-monotonic"));
        final Path other = Files.createDirectory(ours.resolveSibling("driver"));

        assertTrue(DriverDirectory.isOfOurDriver(ours));
        assertTrue(DriverDirectory.isOfOurDriver(link));
        for (final Path foreign : List.of(stock, other, folder, Path.of("/"), folder.resolve("nothing"))) {
            assertFalse(DriverDirectory.isOfOurDriver(foreign), foreign::toString);
            assertSame(
                    SystemEpochClock.INSTANCE,
                    DriverLauncher.clientContext(foreign, new ErrorTrap()).epochClock());
        }
        DriverDirectory.release(ours);
    }

    @Test
    void shouldTalkThroughADriverThatIsNotOurs() throws Exception {
        final Path directory = folder.resolve("stock");
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(directory.toString())
                        .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(20))
                        .threadingMode(ThreadingMode.SHARED));
                Cluster cluster = new Cluster()) {
            cluster.add(Cluster.settings(2).localMembers(2), directory);
            cluster.add(Cluster.settings(2).localMembers(2), directory);
            final Conversation conversation = new Conversation(cluster.connect().transports);
            final long startNs = System.nanoTime();

            while (System.nanoTime() - startNs < HEARTBEATS_NS) {
                conversation.round(50);
            }

            assertEquals(LinkState.UP, cluster.transports.get(0).linkState(1));
            assertEquals(directory.toString(), driver.aeronDirectoryName());
        }
    }
}
