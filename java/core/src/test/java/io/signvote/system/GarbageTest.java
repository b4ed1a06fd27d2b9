package io.signvote.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class GarbageTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /** Whoever answers a stranger tells it something, and loads whomever the stranger claims to be. */
    @Test
    void shouldCountWhatComesBack() throws Exception {
        try (Garbage garbage = new Garbage(1);
                DatagramChannel echo = DatagramChannel.open()) {
            echo.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            garbage.at(ProcessHandle.current().pid(), List.of());
            garbage.throwDatagrams();
            assertEquals(0, garbage.answers());

            final ByteBuffer thrown = ByteBuffer.allocate(2_048);
            final SocketAddress from = echo.receive(thrown);
            echo.send(thrown.flip(), from);

            final long deadlineNs = System.nanoTime() + PATIENCE_NS;
            int answers = 0;
            while (answers == 0) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "no answer");
                answers = garbage.answers();
                LockSupport.parkNanos(100_000);
            }
            assertEquals(1, answers);
        }
    }
}
