package io.signvote.transport.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.signvote.error.ConfigurationException;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;

/** Starts media drivers as we want them: one thread, frugal, silent, and never the end of the process. */
final class DriverLauncher {
    // One thread does everything: on a host whose cores are busy with gradients, more threads only starve each other.
    // It parks when idle. The longest park bounds what an idle link adds to the first frame, and decides what a driver
    // costs while gradients are computed: 11 % of a core at 50 us, 7 at 100, 3 at 1000, as each look is several system
    // calls.
    private static final long MAX_SPINS = 10;
    private static final long MAX_YIELDS = 5;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MICROSECONDS.toNanos(100);

    // Links reorder little, but hosts that are bridged may: a gap is asked for once it has lasted this long, ...
    private static final long NAK_DELAY_NS = TimeUnit.MICROSECONDS.toNanos(100);
    // ... and again only when the sender listens again: it ignores what it resent less than 10 ms ago. Aeron's own
    // ratio
    // asks every 100 us, which loads a congested link further and makes the count of NAKs say nothing about gaps.
    private static final long NAK_RETRY_RATIO = 100;

    // Publications end on the conductor's timer, and close waits for that. Aeron's second is too long for it.
    private static final long TIMER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private DriverLauncher() {}

    /**
     * A driver's context, to be launched, or changed before that.
     *
     * @param links of all members that will use it.
     */
    static MediaDriver.Context context(
            final Path directory, final LinkGeometry geometry, final int links, final ErrorTrap errors) {
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(false) // the name is unique: what is there would be a neighbour's
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .printConfigurationOnStart(false)
                .errorHandler(errors)
                .threadingMode(ThreadingMode.SHARED)
                .sharedThreadFactory(daemons("signvote-driver"))
                .asyncExecutorEnabled(false) // addresses are numeric and logs are made before the first round
                .sharedIdleStrategy(new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS))
                .timerIntervalNs(TIMER_INTERVAL_NS)
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
                .counterValuesBufferLength(SharedMemory.countersLength(links))
                .filePageSize(SharedMemory.PAGE_LENGTH);
    }

    /** Launches, or says why not. */
    static MediaDriver launch(final MediaDriver.Context context, final ErrorTrap errors) {
        try {
            return MediaDriver.launch(context);
        } catch (final RuntimeException ex) {
            throw new ConfigurationException(
                    "media driver in directory=" + context.aeronDirectoryName() + " did not start: " + ex.getMessage()
                            + errors.summary(),
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
