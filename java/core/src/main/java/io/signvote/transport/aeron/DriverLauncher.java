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

/** Starts media drivers as we want them: one thread, frugal, silent, and never the end of the process. */
final class DriverLauncher {
    // One thread does everything: on a host whose cores are busy with gradients, more threads only starve each other.
    // A look at the sockets is a system call for each, so it parks at once when there was nothing, and what arrives in
    // the meantime is taken in one go. A vote of 25.6 M coordinates by 4 hosts at 1 Gbit/s on two cores took 24 and
    // 27 ms of CPU a rank where it yielded once and parked for 100 us, 20 and 20 ms so, in the same time; the price is
    // up to 0.1 ms on a lone small vote.
    private static final long PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);

    // Between data it looks for status messages on every peer's socket, again a system call each. They come four to a
    // window at most.
    private static final int STATUS_MESSAGE_POLL_RATIO = 16;

    // Links reorder little, but hosts that are bridged may: a gap is asked for once it has lasted this long, ...
    private static final long NAK_DELAY_NS = TimeUnit.MICROSECONDS.toNanos(100);
    // ... and again only when the sender listens again: it ignores what it resent less than 10 ms ago. Aeron's own
    // ratio asks every 100 us, which loads a congested link further and makes the count of NAKs say nothing about gaps.
    private static final long NAK_RETRY_RATIO = 100;

    // Publications end on the conductor's timer, and close waits for that. Aeron's second is too long for it.
    private static final long TIMER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    // Who is lost is for the job's own suspicion to say, which may be patient. Aeron ends the streams of a process that
    // stood still for ten seconds, and those never come back.
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    // A stream is not connected if no status message came for so long. A live peer sends five a second. The stream goes
    // on with the next one, so this may be short. That of an image must be long: a closed image never comes back.
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(3);

    private static final long CLOCK_OFFSET_MS = 1L << 40;

    /**
     * Milliseconds for drivers and their clients. A wall clock that is set, by NTP or after a virtual machine was asleep, would
     * make each believe that the other stood still. On Linux {@link System#nanoTime()} is CLOCK_MONOTONIC, which all processes
     * of a time namespace share: so heartbeats in shared memory agree. Aeron reads time 0 as
     * a driver that has not started, and -1 as a closed one. The offset keeps the clock away from both on a machine that has just
     * booted.
     */
    static final EpochClock CLOCK = () -> CLOCK_OFFSET_MS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    private DriverLauncher() {}

    /**
     * A driver's context, to be launched, or changed before that.
     *
     * @param peers that send to one member.
     * @param links of all members that will use it.
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
                // a second lock behind the sessions that subscriptions name; Aeron refuses known ones too once it is
                // reached
                .streamSessionLimit(peers + 1)
                .conductorBufferLength(Configuration.CONDUCTOR_BUFFER_LENGTH_DEFAULT)
                .toClientsBufferLength(Configuration.TO_CLIENTS_BUFFER_LENGTH_DEFAULT)
                .errorBufferLength(Configuration.ERROR_BUFFER_LENGTH_DEFAULT)
                .lossReportBufferLength(Configuration.LOSS_REPORT_BUFFER_LENGTH_DEFAULT)
                .counterValuesBufferLength(SharedMemory.countersLength(links))
                .filePageSize(SharedMemory.PAGE_LENGTH);
    }

    /**
     * A client's context: as patient with the driver as the driver is with it, and with its clock. That of a driver which is not
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

    /** Launches, or says why not. */
    static MediaDriver launch(final MediaDriver.Context context, final ErrorTrap errors) {
        try {
            return MediaDriver.launch(context);
        } catch (final Exception ex) {
            // checked ones too: Agrona throws those that nobody declares
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
