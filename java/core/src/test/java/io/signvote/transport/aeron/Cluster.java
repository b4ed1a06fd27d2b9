package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.Endpoint;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/** Members of a test job in one process, each with its own node, over loopback. */
final class Cluster implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    static final long SESSION_KEY = 0x5EED_5EED_5EED_5EEDL;

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    final List<AeronNode> nodes = new ArrayList<>();
    final List<Transport> transports = new ArrayList<>();

    /** Embedded drivers, one a member. */
    static Cluster embedded(final int members) {
        return embedded(members, context -> {});
    }

    static Cluster embedded(final int members, final Consumer<MediaDriver.Context> adjustment) {
        final Cluster cluster = new Cluster();
        for (int i = 0; i < members; i++) {
            cluster.add(settings(members).build(), adjustment);
        }
        return cluster;
    }

    /** Settings for tests: small logs, so that terms turn often. */
    static AeronSettings.Builder settings(final int members) {
        return AeronSettings.builder(HOST, members).mtuLength(1408).windowLength(64 << 10);
    }

    void add(final AeronSettings settings, final Consumer<MediaDriver.Context> adjustment) {
        nodes.add(AeronNode.open(settings, SharedMemory::freeLength, adjustment));
    }

    /** Member that uses a running driver. */
    void add(final AeronSettings.Builder settings, final Path driverDirectory) {
        nodes.add(AeronNode.open(settings.driverDirectory(driverDirectory).build()));
    }

    List<Endpoint> endpoints() {
        return nodes.stream().map(AeronNode::endpoint).toList();
    }

    /** All members connect at once, as they do in their own processes. */
    Cluster connect() throws Exception {
        return connect(SESSION_KEY);
    }

    Cluster connect(final long sessionKey) throws Exception {
        final List<Endpoint> endpoints = endpoints();
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        final ExecutorService pool = Executors.newFixedThreadPool(nodes.size());
        try {
            final List<Future<Transport>> futures = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                final int self = i;
                futures.add(pool.submit(() -> nodes.get(self).connect(endpoints, self, sessionKey, deadlineNs)));
            }
            for (final Future<Transport> future : futures) {
                transports.add(future.get(TIMEOUT_NS, TimeUnit.NANOSECONDS));
            }
            return this;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Directories of the embedded drivers. */
    List<Path> directories() {
        return nodes.stream().map(AeronNode::directory).toList();
    }

    /** Sends one frame that holds a number. */
    static void send(final Transport transport, final int peer, final long number) {
        final Claim claim = transport.newClaim();
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (transport.tryClaim(peer, Long.BYTES, claim) != Status.OK) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "no room for frame=" + number);
            Thread.onSpinWait();
        }
        claim.buffer().putLong(claim.offset(), number);
        claim.commit();
    }

    /** Polls until a condition holds. */
    static void pollUntil(final Transport transport, final BooleanSupplier isDone, final FrameHandler handler) {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!isDone.getAsBoolean()) {
            transport.poll(handler, 10);
            assertTrue(System.nanoTime() - deadlineNs < 0, "frames did not arrive in time");
            Thread.onSpinWait();
        }
    }

    /** All members close at once. */
    @Override
    public void close() {
        CompletableFuture.allOf(transports.stream()
                        .map(transport ->
                                CompletableFuture.runAsync(transport::close, task -> new Thread(task).start()))
                        .toArray(CompletableFuture[]::new))
                .orTimeout(TIMEOUT_NS, TimeUnit.NANOSECONDS)
                .join();
        CloseHelper.closeAll(nodes);
    }
}
