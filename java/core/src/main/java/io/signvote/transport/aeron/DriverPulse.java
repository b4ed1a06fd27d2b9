package io.signvote.transport.aeron;

import io.aeron.CncFileDescriptor;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/**
 * The heartbeat that a media driver writes into its directory, once a second or more often. Aeron's client looks at it as well, with
 * a patience of a minute. Compares the heartbeat with itself and not with a clock, as the clock is the driver's. Owned by one thread.
 */
final class DriverPulse implements AutoCloseable {
    /** Five heartbeats, and less than links take to be found silent: the driver's end explains them. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    /** If nobody looked for so long, this process may have stood still, and the driver with it. */
    private static final long MOST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final MappedByteBuffer file;
    private final ManyToOneRingBuffer toDriver;
    private long beat;
    private long beatNs;
    private long seenNs;

    /** Of a driver that runs. */
    DriverPulse(final Path directory, final long nowNs) {
        file = IoUtil.mapExistingFile(
                directory.resolve(CncFileDescriptor.CNC_FILE).toFile(), "driver");
        toDriver = new ManyToOneRingBuffer(
                CncFileDescriptor.createToDriverBuffer(file, CncFileDescriptor.createMetaDataBuffer(file)));
        beatNs = nowNs;
        seenNs = nowNs;
    }

    /** Whether the driver has let out all heartbeats of the patience, while somebody looked. */
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
