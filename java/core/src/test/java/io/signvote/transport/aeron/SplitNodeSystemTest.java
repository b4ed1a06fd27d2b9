package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.RendezvousException;
import io.signvote.error.VoteException;
import io.signvote.transport.Endpoint;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;

/** Transports of splits over the node of a job. */
class SplitNodeSystemTest {
    private static final long KEY = Cluster.SESSION_KEY + 1;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    @Test
    void shouldCarryASplitBesideAllMembersAndAfterThem() throws Exception {
        try (Cluster cluster = Cluster.embedded(3).connect()) {
            final List<Path> directories = cluster.directories();
            final List<Transport> split = split(cluster, List.of(2, 0), KEY);
            final Conversation all = new Conversation(cluster.transports);
            final Conversation some = new Conversation(split);
            for (int i = 0; i < 10; i++) {
                all.round(100);
                some.round(100);
            }
            assertEquals(2, split.get(0).size());
            assertEquals(1, split.get(1).rank());
            assertEquals(LinkState.UP, split.get(0).linkState(1));

            // the node stays open for the split
            closeAll(cluster.transports);
            some.round(500);
            assertTrue(Files.exists(directories.get(0)));
            assertFalse(Files.exists(directories.get(1)));
            assertEquals(LinkState.UP, split.get(0).linkState(1));

            closeAll(split);
            directories.forEach(directory -> assertFalse(Files.exists(directory), directory::toString));
            final AeronNode node = cluster.nodes.get(0);
            assertThrows(VoteException.class, () -> node.split(cluster.endpoints(), 0, KEY, deadline(), () -> {}));
        }
    }

    /** Each split takes what the check computes, and gives it back while the node stays open. */
    @Test
    void shouldTakeAsMuchMemoryAsIsCheckedAndGiveItBack() throws Exception {
        try (Cluster cluster = Cluster.embedded(3).connect()) {
            final Path directory = cluster.directories().get(0);
            final long before = DriverDirectory.length(directory);
            final NodeMemory memory = cluster.nodes.get(0).memory();

            final List<Transport> split = split(cluster, List.of(0, 1, 2), KEY);

            // two streams to others, and two images
            assertEquals(before + 4 * memory.logLength(), DriverDirectory.length(directory));
            final int counters =
                    memory.freeCounters() - cluster.nodes.get(0).memory().freeCounters();
            assertTrue(counters > 0 && counters <= 2 * NodeMemory.COUNTERS_PER_LINK, "counters=" + counters);
            closeAll(split);
            awaitLength(directory, before);
            new Conversation(cluster.transports).round(100);
        }
    }

    @Test
    void shouldCloseItsStreamsIfAMemberDoesNotConnect() throws Exception {
        try (Cluster cluster = Cluster.embedded(2).connect()) {
            final Path directory = cluster.directories().get(0);
            final long before = DriverDirectory.length(directory);

            final String message = assertThrows(
                            RendezvousException.class,
                            () -> cluster.nodes
                                    .get(0)
                                    .split(cluster.endpoints(), 0, KEY, System.nanoTime() + 300_000_000, () -> {}))
                    .getMessage();

            assertMessage(message, "streams did not connect before the deadline", "members=[1]");
            awaitLength(directory, before);
            new Conversation(cluster.transports).round(100);
        }
    }

    @Test
    void shouldKnowWhichMembersShareMemory() throws Exception {
        try (Cluster cluster = Cluster.embedded(2)) {
            final NodeMemory one = cluster.nodes.get(0).memory();
            final NodeMemory other = cluster.nodes.get(1).memory();

            assertEquals(one.id(), other.id());
            assertNotEquals(one.directory(), other.directory());
            assertNotEquals(one.id(), DriverDirectory.memoryId(Path.of("/proc")));
        }
    }

    /** All members of a split connect at once. */
    private static List<Transport> split(final Cluster cluster, final List<Integer> members, final long key) {
        final List<Endpoint> endpoints =
                members.stream().map(cluster.endpoints()::get).toList();
        final List<CompletableFuture<Transport>> futures = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            final int self = i;
            futures.add(CompletableFuture.supplyAsync(
                    () -> cluster.nodes.get(members.get(self)).split(endpoints, self, key, deadline(), () -> {}),
                    task -> new Thread(task).start()));
        }
        return futures.stream().map(CompletableFuture::join).toList();
    }

    private static void closeAll(final List<Transport> transports) {
        CompletableFuture.allOf(transports.stream()
                        .map(transport -> CompletableFuture.runAsync(
                                () -> CloseHelper.close(transport), task -> new Thread(task).start()))
                        .toArray(CompletableFuture[]::new))
                .orTimeout(TIMEOUT_NS, TimeUnit.NANOSECONDS)
                .join();
    }

    private static void awaitLength(final Path directory, final long length) {
        final long deadlineNs = deadline();
        while (DriverDirectory.length(directory) != length) {
            assertTrue(
                    System.nanoTime() - deadlineNs < 0,
                    () -> "length=" + DriverDirectory.length(directory) + ", expected " + length);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static long deadline() {
        return System.nanoTime() + TIMEOUT_NS;
    }
}
