package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.system.Garbage;
import io.signvote.system.RankProcess;
import io.signvote.system.RankProcesses;
import io.signvote.system.TestJob;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.aeron.SharedDriver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strangers throw garbage at every port of a job of real processes while it votes. */
@Tag("system")
class StrangersSystemTest {
    private static final long SUSPICION_MS = 20_000;
    private static final long STORM_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int BURSTS = 20;

    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());

    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        processes = new RankProcesses(4, Map.of());
    }

    @AfterAll
    static void end() {
        processes.close();
    }

    @ParameterizedTest
    @CsvSource({"sharded, 3", "star, 3", "server, 4"})
    void shouldVoteRightInAStormOfGarbage(final String plan, final int memberCount) throws Exception {
        final List<RankProcess> members = processes.take(memberCount);
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS);
                Garbage garbage = new Garbage(seed)) {
            job.join(members, "");
            job.votes(1);
            garbage.at(members);
            assertTrue(
                    garbage.portCount() >= memberCount * memberCount,
                    "a port to listen on and one towards each peer, of every member");
            assertEquals(memberCount * (memberCount - 1), garbage.streamCount());
            assertEquals(Set.of(), garbage.tcpPorts(), "nobody but the coordinator listens");
            garbage.at(ProcessHandle.current().pid(), List.of());
            assertTrue(garbage.tcpPorts().contains(job.coordinator().port()));

            storm(members.subList(0, 3), garbage);

            assertTrue(job.coordinator().refusedCount() > 0);
            assertNull(job.coordinator().failure());
            job.closeAll();
        }
    }

    @Test
    void shouldVoteRightWhereTheRanksShareTheDriverThatIsHit() throws Exception {
        final List<RankProcess> ranks = processes.take(3);
        try (SharedDriver driver = SharedDriver.launch(AeronSettings.builder("127.0.0.1", 3)
                        .localMembers(3)
                        .mtuLength(1408)
                        .build());
                TestJob job = new TestJob("sharded", 3, SUSPICION_MS);
                Garbage garbage = new Garbage(seed)) {
            job.join(ranks, "aeron.dir=" + driver.directory());
            job.votes(1);
            garbage.at(ranks).at(ProcessHandle.current().pid(), List.of());
            assertTrue(garbage.portCount() > 0, "the driver has ports though these ranks do not need them");

            storm(ranks, garbage);

            assertNull(job.coordinator().failure());
            job.closeAll();
        }
    }

    @Test
    void shouldVoteRightWhereARankHostsTheCoordinatorThatIsHit() throws Exception {
        final List<RankProcess> ranks = processes.take(3);
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (int rank = 0; rank < 3; rank++) {
            ranks.get(rank).send("join rank=" + rank + " world.size=3 mtu=1408 master.port=" + port);
        }
        ranks.forEach(rank -> rank.expect("joined"));
        try (Garbage garbage = new Garbage(seed)) {
            garbage.at(ranks);
            assertEquals(Set.of(port), garbage.tcpPorts());

            storm(ranks, garbage);
        }
        ranks.forEach(rank -> rank.send("close"));
        ranks.forEach(rank -> assertEquals("closed", rank.answer()));
    }

    /** Everybody votes while garbage flies; every vote is checked by the ranks, and they agree. */
    private void storm(final List<RankProcess> ranks, final Garbage garbage) throws IOException {
        int batches = 0;
        final long untilNs = System.nanoTime() + STORM_NS;
        while (System.nanoTime() - untilNs < 0) {
            ranks.forEach(rank -> rank.send("votes 2"));
            for (int i = 0; i < BURSTS; i++) {
                garbage.throwDatagrams();
                garbage.throwConnections();
            }
            final String first = ranks.get(0).expect("votes ");
            for (final RankProcess rank : ranks.subList(1, ranks.size())) {
                assertEquals(first, rank.answer(), () -> "seed=" + seed);
            }
            batches++;
        }
        assertTrue(batches > 0);
        assertEquals((long) batches * BURSTS * garbage.portCount() * 4, garbage.datagrams());
        assertEquals((long) batches * BURSTS * garbage.tcpPorts().size(), garbage.connections());
    }
}
