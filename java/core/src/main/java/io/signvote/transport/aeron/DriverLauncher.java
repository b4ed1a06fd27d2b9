package io.signvote.transport.aeron;

import io.aeron.Aeron;
import io.aeron.RethrowingErrorHandler;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.signvote.error.ConfigurationException;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/** Starts media drivers with one thread and little use of the CPU. They print nothing and never exit the process. */
final class DriverLauncher {
    // One thread does everything: if gradients keep the cores of a host busy, more threads only slow each other down.
    // Each look at a socket is a system call. So the thread parks at once if there is no work, and then takes all that
    // has arrived meanwhile. A vote of 25.6 M coordinates by 4 hosts at 1 Gbit/s on two cores took 20 and 20 ms of CPU
    // a rank. With one yield and a park of 100 us it took 24 and 27 ms, in the same elapsed time. The cost is up to 0.1
    // ms for a single small vote.
    private static final long PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);

    // Between data frames the driver reads status messages from every peer's socket, which is again a system call each.
    // At most four arrive for each window.
    private static final int STATUS_MESSAGE_POLL_RATIO = 16;

    // Links reorder little, but bridged hosts may reorder more. The driver requests a missing frame after this time,
    // ...
    private static final long NAK_DELAY_NS = TimeUnit.MICROSECONDS.toNanos(100);
    // ... and again after this multiple of it: the sender ignores requests for frames that it resent less than 10 ms
    // ago. With Aeron's default ratio it would request every 100 us. That would load a congested link further, and the
    // number of NAKs would not be the number of gaps.
    private static final long NAK_RETRY_RATIO = 100;

    // Publications end on the conductor's timer, and close waits for it. Aeron's default of one second is too long.
    private static final long TIMER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    // The job's suspicion timeout decides which member is lost, and it may be long. By default Aeron ends the streams
    // of a process that was stopped for ten seconds, and such streams never come back.
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    // A stream counts as not connected if no status message came for this time. A live peer sends five a second. The
    // stream goes on with the next one, so this time may be short. The timeout of an image must be long: a closed image
    // never comes back.
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(3);

    private static final long CLOCK_OFFSET_MS = 1L << 40;

    /**
     * Clock of drivers and their clients, in milliseconds. A wall clock may jump, by NTP or after a virtual machine was
     * paused. Then each would believe that the other was stopped. On Linux {@link System#nanoTime()} is
     * CLOCK_MONOTONIC, which all processes of a time namespace share. So heartbeats in shared memory agree. For Aeron,
     * time 0 is a driver that has not started, and -1 is a closed driver. The offset keeps the clock away from both on
     * a machine that has just booted.
     */
    static final EpochClock CLOCK = () -> CLOCK_OFFSET_MS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    private DriverLauncher() {}

    /**
     * Makes the context of a driver. The caller may change it before the launch.
     *
     * @param peers number of peers that send to one member.
     * @param links number of links of all members that use the driver.
     */
    static MediaDriver.Context context(
            final Path directory,
            final LinkGeometry geometry,
            final int peers,
            final int links,
            final ErrorTrap errors) {
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(false) // the name is unique: what is there would be a neighbour's
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .printConfigurationOnStart(false)
                .errorHandler(errors)
                .epochClock(CLOCK)
                .threadingMode(ThreadingMode.SHARED)
                .sharedThreadFactory(daemons("signvote-driver"))
                .asyncExecutorEnabled(false) // addresses are numeric and logs are made before the first round
                .sharedIdleStrategy(new BackoffIdleStrategy(0, 0, PARK_NS, PARK_NS))
                .sendToStatusMessagePollRatio(STATUS_MESSAGE_POLL_RATIO)
                .timerIntervalNs(TIMER_INTERVAL_NS)
                .clientLivenessTimeoutNs(PATIENCE_NS)
                .imageLivenessTimeoutNs(PATIENCE_NS)
                .publicationConnectionTimeoutNs(SILENCE_NS)
                .publicationUnblockTimeoutNs(2 * PATIENCE_NS) // has to be longer than a client lives
                .nakUnicastDelayNs(NAK_DELAY_NS)
                .nakUnicastRetryDelayRatio(NAK_RETRY_RATIO)
                .socketRcvbufLength(geometry.receiveBufferLength())
                .socketSndbufLength(geometry.sendBufferLength())
                .initialWindowLength(geometry.windowLength())
                .mtuLength(geometry.mtuLength())
                .ipcMtuLength(geometry.mtuLength())
                .publicationTermBufferLength(geometry.termLength())
                .ipcTermBufferLength(geometry.termLength())
                .termBufferSparseFile(false)
                // a second limit behind the sessions that subscriptions name; once it is reached, Aeron refuses known
                // sessions too
                .streamSessionLimit(peers + 1)
                .conductorBufferLength(Configuration.CONDUCTOR_BUFFER_LENGTH_DEFAULT)
                .toClientsBufferLength(Configuration.TO_CLIENTS_BUFFER_LENGTH_DEFAULT)
                .errorBufferLength(Configuration.ERROR_BUFFER_LENGTH_DEFAULT)
                .lossReportBufferLength(Configuration.LOSS_REPORT_BUFFER_LENGTH_DEFAULT)
                .counterValuesBufferLength(SharedMemory.countersLength(links))
                .filePageSize(SharedMemory.PAGE_LENGTH);
    }

    /**
     * Makes the context of a client, with the timeout and the clock of the driver. The clock of a driver that is not
     * ours is the wall clock.
     */
    static Aeron.Context clientContext(final Path directory, final ErrorTrap errors) {
        return new Aeron.Context()
                .aeronDirectoryName(directory.toString())
                .epochClock(DriverDirectory.isOfOurDriver(directory) ? CLOCK : SystemEpochClock.INSTANCE)
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS))
                .errorHandler(errors)
                .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
                .threadFactory(daemons("signvote-aeron-client"));
    }

    /** Launches a driver, or throws with the reason. */
    static MediaDriver launch(final MediaDriver.Context context, final ErrorTrap errors) {
        try {
            return MediaDriver.launch(context);
        } catch (final Exception ex) {
            // catches checked exceptions too: Agrona throws some that it does not declare
            throw new ConfigurationException(
                    "media driver in directory=" + context.aeronDirectoryName() + " did not start: "
                            + ErrorTrap.reason(ex) + errors.summary(),
                    ex);
        }
    }

    static ThreadFactory daemons(final String name) {
        return task -> {
            final Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
