package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CncFileDescriptor;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heartbeat of a simulated media driver: a file, and a clock of the test. */
class DriverPulseTest {
    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int TO_DRIVER_LENGTH = 1024 + RingBufferDescriptor.TRAILER_LENGTH;
    private static final int OTHER_LENGTH = 4096;

    @TempDir
    Path directory;

    private MappedByteBuffer file;
    private ManyToOneRingBuffer toDriver;
    private DriverPulse pulse;
    private long nowNs = 12_345;
    private long beat = 1_000;

    @BeforeEach
    void open() {
        final int length = CncFileDescriptor.computeCncFileLength(TO_DRIVER_LENGTH + 4 * OTHER_LENGTH, OTHER_LENGTH);
        file = IoUtil.mapNewFile(cncFile(), length);
        final ByteBuffer bytes = file;
        final UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(bytes);
        CncFileDescriptor.fillMetaData(
                metaData,
                TO_DRIVER_LENGTH,
                OTHER_LENGTH,
                OTHER_LENGTH,
                OTHER_LENGTH,
                10_000_000_000L,
                OTHER_LENGTH,
                1,
                1,
                4096);
        CncFileDescriptor.signalCncReady(metaData);
        toDriver = new ManyToOneRingBuffer(CncFileDescriptor.createToDriverBuffer(bytes, metaData));
        toDriver.consumerHeartbeatTime(beat);
        pulse = new DriverPulse(directory, nowNs);
    }

    @AfterEach
    void close() {
        pulse.close();
        IoUtil.unmap(file);
    }

    @Test
    void shouldFindADriverWhoseHeartbeatHasStopped() {
        final long startNs = nowNs;
        while (!check()) {
            assertTrue(nowNs - startNs < 2 * DriverPulse.PATIENCE_NS, "never found");
        }

        assertTrue(nowNs - startNs >= DriverPulse.PATIENCE_NS, "found early");
        assertTrue(check(), "it has not come back");
    }

    @Test
    void shouldFindNothingWhileTheHeartbeatGoesOn() {
        for (long passedNs = 0; passedNs < 4 * DriverPulse.PATIENCE_NS; passedNs += CHECK_NS) {
            // the last moment for a heartbeat
            if (passedNs % (DriverPulse.PATIENCE_NS - CHECK_NS) == 0) {
                toDriver.consumerHeartbeatTime(++beat);
            }
            assertFalse(check(), "found after " + passedNs + " ns");
        }
    }

    /** The clock of a driver may show any time, and may be set back. */
    @Test
    void shouldTakeAnyChangeForAHeartbeat() {
        for (int i = 0; i < 4; i++) {
            toDriver.consumerHeartbeatTime(beat -= 100);
            for (long passedNs = 0; passedNs < DriverPulse.PATIENCE_NS - CHECK_NS; passedNs += CHECK_NS) {
                assertFalse(check());
            }
        }
    }

    /** A process that was stopped does not know how long its driver was stopped with it. */
    @Test
    void shouldWaitAgainAfterAPauseOfItsOwn() {
        for (int i = 0; i < 10; i++) {
            nowNs += 2 * DriverPulse.PATIENCE_NS;
            assertFalse(pulse.hasStopped(nowNs));
        }

        shouldFindADriverWhoseHeartbeatHasStopped();
    }

    /** A driver was killed, and its directory removed. The mapped file stays readable, and its heartbeat stops. */
    @Test
    void shouldFindADriverWhoseFileIsGone() throws IOException {
        assertFalse(check());
        Files.delete(cncFile().toPath());

        shouldFindADriverWhoseHeartbeatHasStopped();
    }

    @Test
    void shouldRefuseADirectoryWithoutADriver() throws IOException {
        Files.delete(cncFile().toPath());

        final Exception error = assertThrows(IllegalStateException.class, () -> new DriverPulse(directory, nowNs));

        assertMessage(error, "driver");
    }

    private boolean check() {
        nowNs += CHECK_NS;
        return pulse.hasStopped(nowNs);
    }

    private File cncFile() {
        return directory.resolve(CncFileDescriptor.CNC_FILE).toFile();
    }
}
