package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.AbortedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the other rank of a job notices of a rank that closes on an interrupted thread, or fails at the end of connect(). */
@Tag("system")
class ClosingSystemTest {
    private static final long PATIENCE_S = 20;
    private final int port;

    ClosingSystemTest() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** Its streams had stood, so a good goodbye would let the others wait for its ballots. */
    @Test
    void shouldTellTheOthersWhyARankFailedAtTheEndOfConnect() throws Exception {
        final FutureTask<Void> zero = start("rank 0", () -> {
            try (Communicator communicator = Communicator.connect(context(0))) {
                communicator.barrier();
            }
            return null;
        });

        final IllegalStateException own = assertThrows(
                IllegalStateException.class,
                () -> Communicator.connect(context(1).idleStrategy(() -> {
                    throw new IllegalStateException("no idle strategy today");
                })));

        assertEquals("no idle strategy today", own.getMessage());
        final ExecutionException told =
                assertThrows(ExecutionException.class, () -> zero.get(PATIENCE_S, TimeUnit.SECONDS));
        final AbortedException lost = (AbortedException) told.getCause();
        assertMessage(lost, "rank 1", "no idle strategy today");
    }

    /** Rank 0 has the coordinator: it waits for the others on an interrupted thread too, and parks while it waits. */
    @Test
    void shouldWaitForTheOthersWhenInterrupted() throws Exception {
        final CountDownLatch isClosing = new CountDownLatch(1);
        final FutureTask<Long> zero = start("rank 0", () -> {
            final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            final Communicator communicator = Communicator.connect(context(0));
            communicator.barrier();
            Thread.currentThread().interrupt();
            final long startNs = threads.getCurrentThreadCpuTime();
            isClosing.countDown();
            communicator.close();
            assertTrue(Thread.interrupted(), "the interrupt is lost");
            return threads.getCurrentThreadCpuTime() - startNs;
        });
        final long startNs;
        try (Communicator one = Communicator.connect(context(1))) {
            one.barrier();
            assertTrue(isClosing.await(PATIENCE_S, TimeUnit.SECONDS));
            startNs = System.nanoTime();
            assertThrows(TimeoutException.class, () -> zero.get(1, TimeUnit.SECONDS));
        }

        final long cpuNs = zero.get(PATIENCE_S, TimeUnit.SECONDS);
        final long elapsedNs = System.nanoTime() - startNs;
        assertTrue(cpuNs < elapsedNs / 4, () -> cpuNs + " ns of CPU in " + elapsedNs + " ns");
    }

    /** An interrupt that comes during close() cuts nothing short. */
    @Test
    void shouldWaitForTheOthersWhenInterruptedMeanwhile() throws Exception {
        final CountDownLatch isClosing = new CountDownLatch(1);
        final FutureTask<Void> zero = new FutureTask<>(() -> {
            final Communicator communicator = Communicator.connect(context(0));
            communicator.barrier();
            isClosing.countDown();
            communicator.close();
            assertTrue(Thread.interrupted(), "the interrupt is lost");
            return null;
        });
        final Thread thread = start("rank 0", zero);
        try (Communicator one = Communicator.connect(context(1))) {
            one.barrier();
            assertTrue(isClosing.await(PATIENCE_S, TimeUnit.SECONDS));
            for (int i = 0; i < 10; i++) {
                thread.interrupt();
                assertThrows(TimeoutException.class, () -> zero.get(100, TimeUnit.MILLISECONDS));
            }
        }

        zero.get(PATIENCE_S, TimeUnit.SECONDS);
        assertFalse(Thread.interrupted());
    }

    private Context context(final int rank) {
        return new Context()
                .rank(rank)
                .worldSize(2)
                .masterAddress("127.0.0.1")
                .masterPort(port)
                .timeoutNs(TimeUnit.SECONDS.toNanos(60));
    }

    private static <T> FutureTask<T> start(final String name, final Callable<T> rank) {
        final FutureTask<T> task = new FutureTask<>(rank);
        start(name, task);
        return task;
    }

    private static Thread start(final String name, final FutureTask<?> task) {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
