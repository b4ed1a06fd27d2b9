package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.signvote.error.RendezvousException;
import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.Endpoint;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeronTransportSystemTest {
    private static final long CLOSE_TIMEOUT_NS = 1_500_000_000L;
    private static final int ROUNDS = 2_000;
    private static final int BATCHES = 3;
    private static final long EXPECTED = 2L * ROUNDS * (BATCHES + 1);

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void shouldCarryFramesInOrderAndUnderBackPressure(final int members) throws Exception {
        try (Cluster cluster = Cluster.embedded(members).connect()) {
            final Conversation conversation = new Conversation(cluster.transports);

            conversation.round(5_000);

            assertTrue(conversation.backPressured > 0);
            for (final Transport transport : cluster.transports) {
                assertEquals(members, transport.size());
                assertEquals(0, transport.nakCount());
                assertEquals(LinkState.UP, transport.linkState(0));
                assertTrue(transport.bytesSent() > 5_000L * 700 * (members - 1));
            }
        }
    }

    @Test
    void shouldServeAJobOfOne() throws Exception {
        try (Cluster cluster = Cluster.embedded(1).connect()) {
            final Transport transport = cluster.transports.get(0);

            assertEquals(0, transport.poll((peer, buffer, offset, length) -> true, 1));
            assertEquals(LinkState.UP, transport.linkState(0));
        }
    }

    @Test
    void shouldAgreeOnTheLeastFrameAndBuffer() throws Exception {
        try (Cluster cluster = new Cluster()) {
            cluster.add(Cluster.settings(2).mtuLength(8192).build(), context -> {});
            cluster.add(
                    Cluster.settings(2)
                            .mtuLength(1408)
                            .socketBufferLength(160 << 10)
                            .build(),
                    context -> {});
            cluster.connect();

            for (final Transport transport : cluster.transports) {
                assertEquals(1408 - 32, transport.maxFrameLength());
                assertEquals(120 << 10, transport.receiveWindowLength());
            }
            new Conversation(cluster.transports).round(500);
        }
    }

    @Test
    void shouldKeepARefusedFrameAndThoseBehindItInTheLog() throws Exception {
        try (Cluster cluster = Cluster.embedded(2).connect()) {
            final List<Long> seen = new ArrayList<>();
            for (long number = 0; number < 3; number++) {
                Cluster.send(cluster.transports.get(0), 1, number);
            }

            Cluster.pollUntil(cluster.transports.get(1), () -> !seen.isEmpty(), (peer, buffer, offset, length) -> {
                seen.add(buffer.getLong(offset));
                return false;
            });
            final int countWhenRefused = seen.size();
            Cluster.pollUntil(cluster.transports.get(1), () -> seen.size() == countWhenRefused + 3, into(seen));

            assertEquals(
                    List.of(0L),
                    seen.stream().limit(countWhenRefused).distinct().toList());
            assertEquals(List.of(0L, 1L, 2L), seen.subList(countWhenRefused, seen.size()));
        }
    }

    @Test
    void shouldThrowWhatAHandlerThrowsOnceTheFrameIsConsumed() throws Exception {
        try (Cluster cluster = Cluster.embedded(2).connect()) {
            final List<Long> seen = new ArrayList<>();
            Cluster.send(cluster.transports.get(0), 1, 41);
            Cluster.send(cluster.transports.get(0), 1, 42);

            final Exception thrown = assertThrows(
                    IllegalStateException.class,
                    () -> Cluster.pollUntil(cluster.transports.get(1), () -> false, (peer, buffer, offset, length) -> {
                        throw new IllegalStateException("frame " + buffer.getLong(offset));
                    }));
            Cluster.pollUntil(cluster.transports.get(1), () -> !seen.isEmpty(), into(seen));

            assertEquals("frame 41", thrown.getMessage());
            assertEquals(List.of(42L), seen);
        }
    }

    @Test
    void shouldNotShowAnAbortedClaim() throws Exception {
        try (Cluster cluster = Cluster.embedded(2).connect()) {
            final List<Long> seen = new ArrayList<>();
            final Transport sender = cluster.transports.get(0);
            final Claim claim = sender.newClaim();
            assertEquals(Status.OK, sender.tryClaim(1, 64, claim));
            claim.abort();
            Cluster.send(sender, 1, 7);

            Cluster.pollUntil(cluster.transports.get(1), () -> !seen.isEmpty(), into(seen));

            assertEquals(List.of(7L), seen);
            assertThrows(IllegalArgumentException.class, () -> sender.tryClaim(1, sender.maxFrameLength() + 1, claim));
        }
    }

    @Test
    void shouldDeliverTheLastFrameAndCloseAtOnce() throws Exception {
        try (Cluster cluster = Cluster.embedded(2).connect()) {
            final List<Long> seen = new ArrayList<>();
            final Transport sender = cluster.transports.get(0);
            final Path directory = cluster.directories().get(0);
            for (long number = 0; number < 40; number++) {
                Cluster.send(sender, 1, number);
            }

            final long startNs = System.nanoTime();
            sender.close();
            final long closeNs = System.nanoTime() - startNs;
            Cluster.pollUntil(cluster.transports.get(1), () -> seen.size() == 40, into(seen));

            assertEquals(39L, seen.get(39));
            assertTrue(closeNs < CLOSE_TIMEOUT_NS, "close took ns=" + closeNs);
            assertTrue(sender.bytesSent() > 0);
            assertFalse(Files.exists(directory));
            assertEquals(Status.CLOSED, sender.tryClaim(1, 8, sender.newClaim()));
        }
    }

    @Test
    void shouldNotWaitForAPeerThatHasClosed() throws Exception {
        try (Cluster cluster = Cluster.embedded(2).connect()) {
            cluster.transports.get(0).close();

            final long startNs = System.nanoTime();
            cluster.transports.get(1).close();
            final long closeNs = System.nanoTime() - startNs;

            assertTrue(closeNs < CLOSE_TIMEOUT_NS, "close took ns=" + closeNs);
        }
    }

    @Test
    void shouldNameMembersThatDoNotConnect() {
        try (Cluster cluster = Cluster.embedded(2)) {
            final RendezvousException thrown = assertThrows(
                    RendezvousException.class,
                    () -> cluster.nodes
                            .get(0)
                            .connect(cluster.endpoints(), 0, Cluster.SESSION_KEY, System.nanoTime() + 300_000_000L));

            assertMessage(thrown, "members=[1] do not receive from this rank", "nothing arrives from members=[1]");
        }
    }

    @Test
    void shouldRefuseARosterThatIsNotOurs() {
        try (Cluster cluster = Cluster.embedded(2)) {
            final List<Endpoint> endpoints = cluster.endpoints();
            final AeronNode node = cluster.nodes.get(0);

            assertThrows(RendezvousException.class, () -> node.connect(endpoints, 1, Cluster.SESSION_KEY, 0));
            assertThrows(
                    RendezvousException.class, () -> node.connect(endpoints.subList(0, 1), 0, Cluster.SESSION_KEY, 0));
        }
    }

    @Test
    void shouldAllocateNothingPerClaimAndPoll() throws Exception {
        try (Cluster cluster = Cluster.embedded(3).connect()) {
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long self = Thread.currentThread().getId();
            final Claim[] claims =
                    cluster.transports.stream().map(Transport::newClaim).toArray(Claim[]::new);
            final long[] sums = new long[3];
            final FrameHandler handler = (peer, buffer, offset, length) -> {
                sums[peer] += buffer.getLong(offset);
                return true;
            };
            rounds(cluster, claims, handler, sums, ROUNDS);
            threads.getThreadAllocatedBytes(self);
            final long[] allocatedBytes = new long[BATCHES];

            for (int batch = 0; batch < BATCHES; batch++) {
                final long startBytes = threads.getThreadAllocatedBytes(self);
                rounds(cluster, claims, handler, sums, ROUNDS);
                allocatedBytes[batch] = threads.getThreadAllocatedBytes(self) - startBytes;
            }

            // What rounds or turns of a term allocate is in every batch. What the runtime allocates once, some hundred
            // bytes
            // when a path is taken for the first time, is not.
            assertEquals(0, Arrays.stream(allocatedBytes).min().orElseThrow(), () -> Arrays.toString(allocatedBytes));
            assertArrayEquals(new long[] {EXPECTED, EXPECTED, EXPECTED}, sums);
        }
    }

    private static void rounds(
            final Cluster cluster,
            final Claim[] claims,
            final FrameHandler handler,
            final long[] sums,
            final int rounds) {
        for (int round = 0; round < rounds; round++) {
            final long target = sums[0] + 2;
            for (int i = 0; i < claims.length; i++) {
                final Transport transport = cluster.transports.get(i);
                for (int k = 1; k < claims.length; k++) {
                    while (transport.tryClaim((i + k) % claims.length, 256, claims[i]) != Status.OK) {
                        Thread.onSpinWait();
                    }
                    claims[i].buffer().putLong(claims[i].offset(), 1);
                    claims[i].commit();
                }
            }
            while (sums[0] < target || sums[1] < target || sums[2] < target) {
                for (int i = 0; i < claims.length; i++) {
                    cluster.transports.get(i).poll(handler, 4);
                }
                Thread.yield();
            }
        }
    }

    private static FrameHandler into(final List<Long> seen) {
        return (peer, buffer, offset, length) -> seen.add(buffer.getLong(offset));
    }
}
