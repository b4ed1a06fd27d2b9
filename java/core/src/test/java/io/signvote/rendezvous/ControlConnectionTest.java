package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlConnectionTest {
    private SocketChannel raw;
    private ControlConnection connection;
    private ControlConnection other;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            raw = SocketChannel.open(server.getLocalAddress());
            connection = new ControlConnection(server.accept());
            other = new ControlConnection(raw);
        }
        connection.maxFrameLength(Control.MAX_REPLY_LENGTH);
        other.maxFrameLength(Control.MAX_REPLY_LENGTH);
    }

    @AfterEach
    void close() {
        connection.close();
        other.close();
    }

    @Test
    void shouldCarryFramesOfAllLengthsPastFullSockets() throws IOException {
        final Random random = new Random(7);
        final List<byte[]> sent = new ArrayList<>();
        for (final int length : new int[] {1, 40, 4096, 4097, 300_000, 1, Control.MAX_REPLY_LENGTH, 8}) {
            final byte[] body = new byte[length];
            random.nextBytes(body);
            sent.add(body);
        }
        for (int i = 0; i < 20; i++) {
            sent.forEach(connection::send);
        }
        assertFalse(connection.flush());
        assertTrue(connection.waitingLength() > 0);

        for (int i = 0; i < 20 * sent.size(); i++) {
            assertArrayEquals(sent.get(i % sent.size()), next());
        }

        assertTrue(connection.flush());
        assertEquals(0, connection.waitingLength());
        assertNull(other.poll());
    }

    private byte[] next() throws IOException {
        final long deadlineNs = System.nanoTime() + Jobs.PATIENCE_NS;
        byte[] frame;
        while ((frame = other.poll()) == null) {
            assertTrue(System.nanoTime() - deadlineNs < 0);
            connection.flush();
            if (other.read() == 0) {
                LockSupport.parkNanos(10_000);
            }
        }
        return frame;
    }

    @Test
    void shouldPutFramesTogetherFromSingleBytes() throws IOException {
        final byte[] bytes = {3, 0, 0, 0, 10, 11, 12, 1, 0, 0, 0, 13};
        final List<byte[]> frames = new ArrayList<>();
        for (final byte one : bytes) {
            raw.write(ByteBuffer.wrap(new byte[] {one}));
            Jobs.await("a byte", () -> {
                try {
                    return connection.read() == 1;
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
            });
            final byte[] frame = connection.poll();
            if (frame != null) {
                frames.add(frame);
            }
        }

        assertEquals(2, frames.size());
        assertArrayEquals(new byte[] {10, 11, 12}, frames.get(0));
        assertArrayEquals(new byte[] {13}, frames.get(1));
    }
}
