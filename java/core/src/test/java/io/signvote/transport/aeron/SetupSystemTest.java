package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.signvote.system.Strays;
import io.signvote.transport.Endpoint;
import io.signvote.transport.LinkState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A SETUP is 40 bytes and asks a receiver for a log of up to 3 GiB. Nobody but the members of a job may get one, while it
 * gathers, while it runs, and where its members share a driver.
 */
class SetupSystemTest {
    private static final int HUGE_TERM_LENGTH = 512 << 20;
    private static final int ROUNDS = 20;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());

    @Test
    void shouldMakeNothingOfOneSetup() throws Exception {
        try (Cluster cluster = Cluster.embedded(2);
                Strays strays = new Strays(seed)) {
            final Path directory = cluster.directories().get(0);
            final long heldLength = DriverDirectory.length(directory);

            strays.setup(port(cluster, 0), 7, 1, HUGE_TERM_LENGTH);

            strays.settle(directory, port(cluster, 0), deadline());
            assertEquals(heldLength, DriverDirectory.length(directory), "shared memory");
            assertEquals(List.of(), Strays.images(directory));
        }
    }

    @Test
    void shouldJoinAmidSetups() throws Exception {
        try (Cluster cluster = Cluster.embedded(2);
                Strays strays = new Strays(seed)) {
            final List<Long> heldLengths = lengths(cluster.directories());

            spray(strays, cluster, cluster.directories());

            assertEquals(heldLengths, lengths(cluster.directories()), "shared memory, seed=" + seed);
            assertEquals(0, strays.answers(), "seed=" + seed);
            new Conversation(cluster.connect().transports).round(500);
        }
    }

    @Test
    void shouldGoOnAmidSetups() throws Exception {
        try (Cluster before = Cluster.embedded(2).connect(Cluster.SESSION_KEY - 1);
                Cluster cluster = Cluster.embedded(2).connect();
                Strays strays = new Strays(seed)) {
            before.directories().forEach(directory -> strays.learn(Strays.images(directory)));
            final List<Long> heldLengths = lengths(cluster.directories());
            final Conversation conversation = new Conversation(cluster.transports);
            conversation.round(500);

            for (int i = 0; i < ROUNDS; i++) {
                spray(strays, cluster, cluster.directories());
                conversation.round(50);
            }

            assertEquals(heldLengths, lengths(cluster.directories()), "shared memory, seed=" + seed);
            cluster.directories()
                    .forEach(directory ->
                            assertEquals(1, Strays.images(directory).size(), "seed=" + seed));
            assertEquals(0, strays.answers(), "seed=" + seed);
            assertEquals(LinkState.UP, cluster.transports.get(0).linkState(1), "seed=" + seed);
        }
    }

    @Test
    void shouldGoOnWhereMembersShareTheDriverThatIsSprayed() throws Exception {
        try (SharedDriver driver =
                        SharedDriver.launch(Cluster.settings(2).localMembers(2).build());
                Cluster cluster = new Cluster();
                Strays strays = new Strays(seed)) {
            cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
            cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
            final long joiningLength = DriverDirectory.length(driver.directory());

            spray(strays, cluster, List.of(driver.directory(), driver.directory()));

            assertEquals(joiningLength, DriverDirectory.length(driver.directory()), "shared memory, seed=" + seed);
            final Conversation conversation = new Conversation(cluster.connect().transports);
            final long runningLength = DriverDirectory.length(driver.directory());
            for (int i = 0; i < ROUNDS; i++) {
                spray(strays, cluster, List.of(driver.directory(), driver.directory()));
                conversation.round(50);
            }
            assertEquals(runningLength, DriverDirectory.length(driver.directory()), "shared memory, seed=" + seed);
            assertEquals(List.of(), Strays.images(driver.directory()), "seed=" + seed);
            assertEquals(0, strays.answers(), "seed=" + seed);
            assertEquals(0, driver.errorCount(), "seed=" + seed);
        }
    }

    @Test
    void shouldHoldNoMoreImagesOfAStreamThanAMemberHasPeers() throws Exception {
        final int members = 4;
        final int streamId = 5;
        try (SharedDriver driver = SharedDriver.launch(Cluster.settings(members).build());
                Aeron aeron = Aeron.connect(DriverLauncher.clientContext(driver.directory(), new ErrorTrap()));
                Subscription open = aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", streamId);
                Strays strays = new Strays(seed)) {
            final String resolved = open.resolvedEndpoint();
            final int port = Integer.parseInt(resolved.substring(resolved.lastIndexOf(':') + 1));

            for (int session = 0; session < 10 * members; session++) {
                strays.setup(port, session, streamId, 1 << 16);
            }

            strays.settle(driver.directory(), port, deadline());
            assertEquals(members, Strays.images(driver.directory()).size());
        }
    }

    private void spray(final Strays strays, final Cluster cluster, final List<Path> directories) throws IOException {
        for (int member = 0; member < directories.size(); member++) {
            final int port = port(cluster, member);
            strays.setups(port);
            strays.frames(port);
            strays.settle(directories.get(member), port, deadline());
        }
    }

    private static List<Long> lengths(final List<Path> directories) {
        return new ArrayList<>(directories.stream().map(DriverDirectory::length).toList());
    }

    private static int port(final Cluster cluster, final int member) {
        final Endpoint endpoint = cluster.endpoints().get(member);
        return endpoint.port();
    }

    private static long deadline() {
        return System.nanoTime() + TIMEOUT_NS;
    }
}
