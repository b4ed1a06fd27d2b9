package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of real processes in which one rank dies, stops, gives up or calls something else in the middle of a round. */
@Tag("system")
class FailureSystemTest {
    private static final int SIGTERM = 15;
    private static final long SUSPICION_MS = 3_000;
    private static final long LONG_SUSPICION_MS = 20_000;

    /** What the notice of a death may take: a closed connection is seen at once, busy machines are given time. */
    private static final long NOTICE_MS = 10_000;

    /** Below the quiet period of 3 s that a peer may use up; close takes about 0.3 s, and busy machines are given time. */
    private static final long CLOSE_MOST_NS = 2_000_000_000L;

    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        processes = new RankProcesses(4, Map.of());
    }

    @AfterAll
    static void end() {
        processes.close();
    }

    @Test
    void shouldEndTheOpenCallOfEveryRankWhenAThreadAborts() throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (TestJob job = new TestJob("sharded", 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            job.votes(1);
            beginRound(members, "abort");

            for (final RankProcess rank : members) {
                assertEquals("error AbortedException untouched validation failed", rank.answer(NOTICE_MS));
            }
            leave(members);
        }
    }

    /** The hook closes the communicator while the main thread is inside a call. The process ends and leaves no directory. */
    @Test
    void shouldCloseInAShutdownHookDuringARound() throws Exception {
        final List<RankProcess> members = processes.take(3);
        final RankProcess hooked = members.get(2);
        try (TestJob job = new TestJob("sharded", 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            job.votes(1);
            hooked.send("hook");
            hooked.expect("hooked");
            beginRound(members, "wait");

            hooked.signal("TERM");

            for (final RankProcess rank : members.subList(0, 2)) {
                assertFailed(rank.answer(NOTICE_MS), "PeerLostException", "rank 2 was closed while a call was open");
            }
            assertEquals(128 + SIGTERM, hooked.exitCode());
            assertEquals(List.of(), hooked.directories());
            leave(members.subList(0, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star", "server"})
    void shouldNameARankThatIsKilledInMidRound(final String plan) throws Exception {
        final List<RankProcess> members = processes.take(plan.equals("server") ? 4 : 3);
        try (TestJob job = new TestJob(plan, 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            job.votes(1);
            beginRound(members, "wait");

            members.get(2).kill();

            for (final RankProcess rank : members.subList(0, 2)) {
                final String answer = rank.answer(NOTICE_MS);
                assertFailed(
                        answer, "PeerLostException", "rank 2 at 127.0.0.1:", "its process has died; see its output");
            }
            leave(members.subList(0, 2));
            if (members.size() == 4) {
                assertFailed(members.get(3).answer(NOTICE_MS), "PeerLostException", "rank 2 at 127.0.0.1:");
            }
        }
    }

    /** The failure names one of them; nobody may wait for the other, which looks connected for a minute. */
    @Test
    void shouldNotWaitForDeadRanksWhenClosing() throws Exception {
        final List<RankProcess> members = processes.take(4);
        try (TestJob job = new TestJob("sharded", 4, LONG_SUSPICION_MS)) {
            job.join(members, "");
            job.votes(1);
            members.get(0).send("reduce");
            members.get(1).send("reduce");
            members.get(2).send("reduce");
            members.get(3).send("victim wait");
            members.get(3).expect("mid");

            members.get(2).kill();
            members.get(3).kill();

            for (final RankProcess rank : members.subList(0, 2)) {
                assertFailed(rank.answer(NOTICE_MS), "PeerLostException", "its process has died; see its output");
            }
            final long startNs = System.nanoTime();
            leave(members.subList(0, 2));
            final long elapsedNs = System.nanoTime() - startNs;
            assertTrue(elapsedNs < CLOSE_MOST_NS, () -> "closing took " + elapsedNs + " ns");
        }
    }

    @Test
    void shouldNameARankThatIsKilledBesideOthersOnOneDriver() throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (SharedDriver driver = SharedDriver.launch(AeronSettings.builder("127.0.0.1", 3)
                        .localMembers(3)
                        .mtuLength(1408)
                        .build());
                TestJob job = new TestJob("sharded", 3, LONG_SUSPICION_MS)) {
            job.join(members, "aeron.dir=" + driver.directory());
            beginRound(members, "wait");

            members.get(2).kill();

            for (final RankProcess rank : members.subList(0, 2)) {
                assertFailed(
                        rank.answer(NOTICE_MS), "PeerLostException", "rank 2 at 127.0.0.1:", "its process has died");
            }
            leave(members.subList(0, 2));
        }
    }

    @Test
    void shouldNameTheServerThatIsKilledInMidRound() throws Exception {
        final List<RankProcess> members = processes.take(4);
        try (TestJob job = new TestJob("server", 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            job.votes(1);
            beginRound(members, "wait");

            members.get(3).kill();

            for (final RankProcess rank : members.subList(0, 3)) {
                assertFailed(rank.answer(NOTICE_MS), "PeerLostException", "the server at 127.0.0.1:", "has died");
            }
            leave(members.subList(0, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star", "server"})
    void shouldNameARankThatIsStoppedInMidRoundAndTellItLater(final String plan) throws Exception {
        final List<RankProcess> members = processes.take(plan.equals("server") ? 4 : 3);
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS)) {
            job.join(members, "");
            beginRound(members, "wait");
            members.get(2).signal("STOP");

            try {
                for (final RankProcess rank : members.subList(0, 2)) {
                    final String answer = rank.answer(SUSPICION_MS + NOTICE_MS);
                    assertFailed(answer, "PeerLostException", "rank 2 at 127.0.0.1:", "was silent for more than 3.0 s");
                }
            } finally {
                members.get(2).signal("CONT");
            }
            assertFailed(members.get(2).answer(NOTICE_MS), "PeerLostException", "rank 2 at 127.0.0.1:", "was silent");
            leave(members.subList(0, 3));
            if (members.size() == 4) {
                assertFailed(members.get(3).answer(NOTICE_MS), "PeerLostException", "rank 2 at 127.0.0.1:");
            }
        }
    }

    @Test
    void shouldEndWhenTheHostOfTheCoordinatorIsStopped() throws Exception {
        final List<RankProcess> members = processes.take(3);
        final int port = joinBehindTheLast(members, "suspicion.timeout=" + SUSPICION_MS + "ms");
        beginRound(members, "wait");
        members.get(2).signal("STOP");

        try {
            for (final RankProcess rank : members.subList(0, 2)) {
                assertFailed(
                        rank.answer(SUSPICION_MS + NOTICE_MS),
                        "PeerLostException",
                        "coordinator 127.0.0.1:" + port,
                        "silent for more than 3.0 s");
            }
        } finally {
            members.get(2).signal("CONT");
        }
        members.get(2).expect("error PeerLostException untouched ");
        leave(members);
    }

    @Test
    void shouldTellTheOthersWhatARankThrew() throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (TestJob job = new TestJob("sharded", 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            beginRound(members, "throw");

            for (final RankProcess rank : members.subList(0, 2)) {
                assertFailed(
                        rank.answer(NOTICE_MS),
                        "AbortedException",
                        "rank 2 gave up: the gradient is not ready for this");
            }
            members.get(2).expect("error IllegalArgumentException untouched the gradient is not ready for this");
            leave(members);
        }
    }

    @Test
    void shouldTakeAnExitWithoutCloseForADeath() throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (TestJob job = new TestJob("star", 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            beginRound(members, "exit");

            for (final RankProcess rank : members.subList(0, 2)) {
                assertFailed(rank.answer(NOTICE_MS), "PeerLostException", "rank 2 at 127.0.0.1:", "without a BYE");
            }
            leave(members.subList(0, 2));
        }
    }

    @Test
    void shouldEndWhenTheHostOfTheCoordinatorIsKilled() throws Exception {
        final List<RankProcess> members = processes.take(3);
        final int port = joinBehindTheLast(members, "");
        beginRound(members, "wait");

        members.get(2).kill();

        for (final RankProcess rank : members.subList(0, 2)) {
            assertFailed(
                    rank.answer(NOTICE_MS),
                    "PeerLostException",
                    "coordinator 127.0.0.1:" + port,
                    "the process that hosts it has ended; see its output");
        }
        leave(members.subList(0, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star"})
    void shouldTellEveryRankBothCounts(final String plan) throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (TestJob job = new TestJob(plan, 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            members.get(0).send("sum 100000");
            members.get(1).send("sum 100001");
            members.get(2).send("sum 100000");

            for (final RankProcess rank : members) {
                assertFailed(
                        rank.answer(NOTICE_MS),
                        "ProtocolException",
                        "allReduce(SUM, FLOAT32, count=100000)",
                        "allReduce(SUM, FLOAT32, count=100001)",
                        "make every rank call the same");
            }
            leave(members);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star"})
    void shouldTellThatARankHasClosedWhileOthersCall(final String plan) throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (TestJob job = new TestJob(plan, 3, LONG_SUSPICION_MS)) {
            job.join(members, "");
            job.votes(1);
            members.get(1).send("close");
            members.get(0).send("reduce");
            members.get(2).send("reduce");

            for (final RankProcess rank : List.of(members.get(0), members.get(2))) {
                assertFailed(
                        rank.answer(NOTICE_MS),
                        "ProtocolException",
                        "rank 1 called close() after 6 calls, rank ",
                        "if the program of rank 1 failed, see its output",
                        " is in call 7, allReduce(MAJORITY, FLOAT32, count=1000000)");
            }
            leave(List.of(members.get(0), members.get(2)));
            assertEquals("closed", members.get(1).answer());
        }
    }

    /** A job whose last process is rank 0 and hosts the coordinator, at the port that is returned. */
    private static int joinBehindTheLast(final List<RankProcess> members, final String options) throws IOException {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (int rank = 0; rank < 3; rank++) {
            members.get(rank)
                    .send("join rank=" + (2 - rank) + " world.size=3 mtu=1408 master.port=" + port + " " + options);
        }
        members.forEach(rank -> rank.expect("joined"));
        return port;
    }

    /** The last rank lets the others down in mid-round. */
    private static void beginRound(final List<RankProcess> members, final String how) {
        members.get(0).send("reduce");
        members.get(1).send("reduce");
        members.get(2).send("victim " + how);
        members.get(2).expect("mid");
    }

    private static void assertFailed(final String answer, final String exception, final String... facts) {
        assertTrue(answer.startsWith("error " + exception + " untouched "), answer);
        for (final String fact : facts) {
            assertMessage(answer, fact);
        }
    }

    /** After a failure close waits for nobody and leaves nothing. */
    private static void leave(final List<RankProcess> ranks) {
        ranks.forEach(rank -> rank.send("close"));
        ranks.forEach(rank -> assertEquals("closed", rank.answer(NOTICE_MS)));
        ranks.forEach(rank -> assertEquals(List.of(), rank.directories()));
    }
}
