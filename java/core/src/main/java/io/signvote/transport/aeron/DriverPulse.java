package io.signvote.transport.aeron;

import io.aeron.CncFileDescriptor;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/**
 * The heartbeat that a media driver writes into its directory, once a second or more often. Aeron's client checks it
 * too, but waits a minute. This class compares successive heartbeats, not a heartbeat with a clock, since the clock is
 * the driver's. Owned by one thread.
 */
final class DriverPulse implements AutoCloseable {
    /**
     * Five heartbeats. It is shorter than the time to detect a silent link, so the end of a driver is reported first.
     */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    /** After so long a pause between two checks, this process may have been stopped, and the driver with it. */
    private static final long MOST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final MappedByteBuffer file;
    private final ManyToOneRingBuffer toDriver;
    private long beat;
    private long beatNs;
    private long seenNs;

    /** Watches a driver that runs. */
    DriverPulse(final Path directory, final long nowNs) {
        file = IoUtil.mapExistingFile(
                directory.resolve(CncFileDescriptor.CNC_FILE).toFile(), "driver");
        toDriver = new ManyToOneRingBuffer(
                CncFileDescriptor.createToDriverBuffer(file, CncFileDescriptor.createMetaDataBuffer(file)));
        beatNs = nowNs;
        seenNs = nowNs;
    }

    /** Whether the driver has sent no heartbeat for {@link #PATIENCE_NS}, while this class checked. */
    boolean hasStopped(final long nowNs) {
        final long current = toDriver.consumerHeartbeatTime();
        if (current != beat || nowNs - seenNs > MOST_PAUSE_NS) {
            beat = current;
            beatNs = nowNs;
        }
        seenNs = nowNs;
        return nowNs - beatNs >= PATIENCE_NS;
    }

    @Override
    public void close() {
        IoUtil.unmap(file);
    }
}
