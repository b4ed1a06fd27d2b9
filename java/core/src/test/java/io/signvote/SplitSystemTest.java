package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.system.RankProcess;
import io.signvote.system.RankProcesses;
import io.signvote.system.TestJob;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.aeron.SharedDriver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Splits of jobs of real processes, over UDP on loopback and through shared memory. */
@Tag("system")
class SplitSystemTest {
    private static final int RANKS = 4;
    private static final long SUSPICION_MS = 15_000;
    private static final long NOTICE_MS = 5_000;
    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        processes = new RankProcesses(RANKS, Map.of());
    }

    @AfterAll
    static void end() {
        processes.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star"})
    void shouldVoteInSplitsAndTheirParentOverUdp(final String plan) throws Exception {
        final List<RankProcess> ranks = processes.take(RANKS);
        try (TestJob job = new TestJob(plan, RANKS, SUSPICION_MS)) {
            job.join(ranks, "");
            splitAndBack(job, ranks);
            job.closeAll();
            assertOneLineOfEachSplit(ranks);
        }
    }

    @Test
    void shouldVoteInSplitsThroughOneDriver() throws Exception {
        final List<RankProcess> ranks = processes.take(RANKS);
        try (SharedDriver driver = SharedDriver.launch(AeronSettings.builder("127.0.0.1", RANKS)
                        .localMembers(RANKS)
                        .mtuLength(1408)
                        .build());
                TestJob job = new TestJob("sharded", RANKS, SUSPICION_MS)) {
            job.join(ranks, "aeron.dir=" + driver.directory());
            splitAndBack(job, ranks);
            job.closeAll();
            assertEquals(0, driver.errorCount());
        }
    }

    /** Two ranks share a driver, and each of the others has its own. */
    @Test
    void shouldVoteInSplitsOfUdpAndSharedMemory() throws Exception {
        final List<RankProcess> ranks = processes.take(RANKS);
        try (SharedDriver driver = SharedDriver.launch(AeronSettings.builder("127.0.0.1", RANKS)
                        .localMembers(2)
                        .mtuLength(1408)
                        .build());
                TestJob job = new TestJob("sharded", RANKS, SUSPICION_MS)) {
            for (int rank = 0; rank < RANKS; rank++) {
                job.join(ranks.get(rank), rank, rank < 2 ? "aeron.dir=" + driver.directory() : "");
            }
            ranks.forEach(rank -> rank.expect("joined"));

            for (final int pairing : new int[] {1, 2}) {
                for (int rank = 0; rank < RANKS; rank++) {
                    ranks.get(rank).send("split " + rank / pairing % 2 + " " + rank);
                }
                ranks.forEach(rank -> rank.expect("split "));
                ranks.forEach(rank -> rank.send("beside 5"));
                ranks.forEach(rank -> rank.expect("votes "));
                ranks.forEach(rank -> rank.send("back"));
                ranks.forEach(rank -> rank.expect("back to "));
            }
            ranks.forEach(rank -> rank.send("close"));
            ranks.forEach(rank -> assertEquals("closed", rank.answer()));
        }
    }

    /** Communicators are closed by the communicator of all ranks. Nothing is left of them. */
    @Test
    void shouldLeaveNothingOfOpenSplits() throws Exception {
        final List<RankProcess> ranks = processes.take(RANKS);
        try (TestJob job = new TestJob("sharded", RANKS, SUSPICION_MS)) {
            job.join(ranks, "");
            job.send("split 0 0");
            ranks.forEach(rank -> rank.expect("split "));
            job.send("split 0 0");
            ranks.forEach(rank -> rank.expect("split "));
            job.votes(1);
            job.closeAll();
        }
    }

    @Test
    void shouldNameARankThatDiesDuringACallOfASplit() throws Exception {
        final List<RankProcess> ranks = processes.take(RANKS);
        try (TestJob job = new TestJob("sharded", RANKS, SUSPICION_MS)) {
            job.join(ranks, "");
            for (int rank = 0; rank < RANKS; rank++) {
                // rank 3 of the job is rank 0 of its split
                ranks.get(rank).send("split " + rank % 2 + " " + -rank);
            }
            ranks.forEach(rank -> rank.expect("split "));
            ranks.subList(0, 3).forEach(rank -> rank.send("reduce"));
            ranks.get(0).expect("reduced");
            ranks.get(2).expect("reduced");
            ranks.get(3).send("victim wait");
            ranks.get(3).expect("mid");
            ranks.get(0).send("back");
            ranks.get(2).send("back");
            ranks.get(0).expect("back to 0 of 4");
            ranks.get(2).expect("back to 2 of 4");
            ranks.get(0).send("reduce");
            ranks.get(2).send("reduce");

            ranks.get(3).kill();

            for (final int rank : new int[] {0, 1, 2}) {
                final String error = ranks.get(rank).answer(NOTICE_MS);
                assertTrue(error.startsWith("error PeerLostException untouched "), error);
                assertMessage(error, "rank 3 at 127.0.0.1:", "its process has died");
                assertEquals(rank == 1, error.contains("rank 3 of the job is rank 0 of this split"), error);
                ranks.get(rank).send("close");
                assertEquals("closed", ranks.get(rank).answer());
                assertEquals(List.of(), ranks.get(rank).directories());
            }
        }
    }

    @Test
    void shouldRefuseToSplitBesideAServer() throws Exception {
        final List<RankProcess> members = processes.take(3);
        try (TestJob job = new TestJob("server", 2, SUSPICION_MS)) {
            job.join(members, "");
            job.send("split 0 0");
            for (final RankProcess rank : members.subList(0, 2)) {
                assertMessage(rank.answer(), "error ConfigurationException", "signvote.plan=server", "sharded or star");
            }
            job.votes(1);
            job.closeAll();
        }
    }

    private static void splitAndBack(final TestJob job, final List<RankProcess> ranks) {
        job.votes(1);
        // ranks 0, 2 and 3, in the order 3, 2, 0
        for (int rank = 0; rank < RANKS; rank++) {
            ranks.get(rank).send("split " + (rank == 1 ? Communicator.NO_COLOR : 5) + " " + -rank);
        }
        final List<String> places = List.of("split 2 of 3", "split none", "split 1 of 3", "split 0 of 3");
        for (int rank = 0; rank < RANKS; rank++) {
            assertEquals(places.get(rank), ranks.get(rank).answer());
        }
        final List<RankProcess> three = List.of(ranks.get(0), ranks.get(2), ranks.get(3));
        three.forEach(rank -> rank.send("votes 3"));
        final String checksum = three.get(0).expect("votes ");
        assertEquals(checksum, three.get(1).answer());
        assertEquals(checksum, three.get(2).answer());
        three.forEach(rank -> rank.send("split 0 0"));
        three.forEach(rank -> rank.expect("split "));
        three.forEach(rank -> rank.send("beside 3"));
        three.forEach(rank -> rank.expect("votes "));
        three.forEach(rank -> rank.send("back"));
        three.forEach(rank -> rank.expect("back to "));
        ranks.forEach(rank -> rank.send("back"));
        for (int rank = 0; rank < RANKS; rank++) {
            assertEquals("back to " + rank + " of 4", ranks.get(rank).answer());
        }
        job.votes(2);
    }

    private static void assertOneLineOfEachSplit(final List<RankProcess> ranks) {
        for (int rank = 0; rank < RANKS; rank++) {
            final String log = ranks.get(rank).errors();
            final String line = "signvote split color=5 ranks=3 of 4, ranks [3, 2, 0] of the job, frame=";
            assertEquals(rank == 3, log.contains(line), log);
            assertFalse(log.contains("WARNING: while closing"), log);
            if (rank == 3) {
                assertTrue(
                        log.matches(
                                "(?s).*" + line.replace("[", "\\[")
                                        + "\\d+ receiveWindow=\\d+ sharedMemory=\\d+ of \\d+ free on host=127\\.0\\.0\\.1\\R.*"),
                        log);
            }
        }
    }
}
