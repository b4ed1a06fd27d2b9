package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.Transport;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;

/** How long closing takes, with peers that stand still, and on threads that are interrupted. */
class NodeCloseSystemTest {
    private static final long PATIENCE_S = 20;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A receiver that has nothing to consume reports five times a second. */
    private static final long REPORT_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @Test
    void shouldParkWhileItWaitsOnAnInterruptedThread() throws Exception {
        final Pause pause = new Pause();
        try (Cluster cluster = paused(pause)) {
            fill(cluster.transports.get(0));
            pause.begin();
            final FutureTask<Boolean> closing = new FutureTask<>(() -> {
                final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                Thread.currentThread().interrupt();
                final long startNs = System.nanoTime();
                final long startCpuNs = threads.getCurrentThreadCpuTime();
                cluster.transports.get(0).close();
                final long cpuNs = threads.getCurrentThreadCpuTime() - startCpuNs;
                final long elapsedNs = System.nanoTime() - startNs;
                assertTrue(cpuNs < elapsedNs / 10, () -> cpuNs + " ns of CPU in " + elapsedNs + " ns");
                return Thread.interrupted();
            });
            start(closing);

            assertTrue(closing.get(PATIENCE_S, TimeUnit.SECONDS), "the interrupt is lost");
            pause.end();
        }
    }

    /** Aeron waits for its threads as long as nobody interrupts it, and its directory must not go before them. */
    @Test
    void shouldEndTheDriverBeforeItsDirectoryHoweverOftenInterrupted() throws Exception {
        final Pause pause = new Pause();
        final AeronNode node = AeronNode.open(
                Cluster.settings(2).build(), SharedMemory::freeLength, context -> context.sharedIdleStrategy(pause));
        closeInterrupted(pause, node, node.directory());
    }

    @Test
    void shouldEndASharedDriverBeforeItsDirectoryHoweverOftenInterrupted() throws Exception {
        final Pause pause = new Pause();
        final SharedDriver driver = SharedDriver.launch(
                Cluster.settings(2).localMembers(2).build(), context -> context.sharedIdleStrategy(pause));
        closeInterrupted(pause, driver, driver.directory());
    }

    private static void closeInterrupted(final Pause pause, final AutoCloseable closed, final Path directory)
            throws Exception {
        final FutureTask<Boolean> closing = new FutureTask<>(() -> {
            closed.close();
            return Thread.interrupted();
        });
        pause.begin();
        final Thread thread = start(closing);
        for (int i = 0; i < 10; i++) {
            thread.interrupt();
            assertThrows(TimeoutException.class, () -> closing.get(50, TimeUnit.MILLISECONDS));
            assertTrue(Files.exists(directory.getParent()), "its driver still runs");
        }

        pause.end();

        assertTrue(closing.get(PATIENCE_S, TimeUnit.SECONDS), "the interrupt is lost");
        assertFalse(Files.exists(directory.getParent()));
    }

    /** Peers that live are heard of every 200 ms, or a little later: a lost frame and a busy core cost time, too. */
    @Test
    void shouldGiveALivePeerTimeForTwoReportsBeforeItGivesUp() throws Exception {
        final Pause pause = new Pause();
        try (Cluster cluster = paused(pause)) {
            fill(cluster.transports.get(0));
            pause.begin();
            final long startNs = System.nanoTime();

            cluster.transports.get(0).abort();

            final long elapsedNs = System.nanoTime() - startNs;
            pause.end();
            assertTrue(elapsedNs > 2 * REPORT_NS, () -> "gave up after " + elapsedNs + " ns");
        }
    }

    /** Two members; the driver of member 1 may stand still. */
    private static Cluster paused(final Pause pause) throws Exception {
        final Cluster cluster = new Cluster();
        cluster.add(Cluster.settings(2).build(), context -> {});
        cluster.add(Cluster.settings(2).build(), context -> context.sharedIdleStrategy(pause));
        return cluster.connect();
    }

    /** More than member 1 takes. */
    private static void fill(final Transport transport) {
        final Claim claim = transport.newClaim();
        while (transport.tryClaim(1, Long.BYTES, claim) == Status.OK) {
            claim.commit();
        }
    }

    private static Thread start(final FutureTask<?> task) {
        final Thread thread = new Thread(task, "closing");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** A driver's idle strategy that stands still while it is on. */
    private static final class Pause implements IdleStrategy {
        private final IdleStrategy usual = new BackoffIdleStrategy(0, 0, 200_000, 200_000);
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile boolean isOn;

        /** Returns when the driver stands still. */
        void begin() throws InterruptedException {
            isOn = true;
            assertTrue(begun.await(PATIENCE_S, TimeUnit.SECONDS), "the driver does not idle");
        }

        void end() {
            isOn = false;
        }

        @Override
        public void idle(final int workCount) {
            pause();
            usual.idle(workCount);
        }

        @Override
        public void idle() {
            pause();
            usual.idle();
        }

        private void pause() {
            while (isOn) {
                begun.countDown();
                LockSupport.parkNanos(PAUSE_NS);
            }
        }

        @Override
        public void reset() {
            usual.reset();
        }
    }
}
