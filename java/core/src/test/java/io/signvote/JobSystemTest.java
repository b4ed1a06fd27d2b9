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

/** Jobs of real processes over loopback and shared memory, in which all goes well. */
@Tag("system")
class JobSystemTest {
    private static final long SUSPICION_MS = 15_000;
    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        processes = new RankProcesses(
                4, Map.of("WORLD_SIZE", "3", "MASTER_ADDR", "127.0.0.1", "MASTER_PORT", Integer.toString(port)));
    }

    @AfterAll
    static void end() {
        processes.close();
    }

    @Test
    void shouldVoteAsTheVariablesSay() throws Exception {
        final List<RankProcess> ranks = processes.take(3);

        ranks.forEach(rank -> rank.send("join"));
        ranks.forEach(rank -> rank.expect("joined"));
        ranks.forEach(rank -> rank.send("votes 3"));
        final String first = ranks.get(0).expect("votes ");
        assertEquals(first, ranks.get(1).answer());
        assertEquals(first, ranks.get(2).answer());
        ranks.forEach(rank -> rank.send("close"));
        ranks.forEach(rank -> assertEquals("closed", rank.answer()));

        ranks.forEach(rank -> assertEquals(List.of(), rank.directories()));
        ranks.forEach(rank -> assertFalse(rank.errors().contains("WARNING: while closing"), rank::errors));
    }

    /** Each rank chooses alone, and the slowest decides how long a vote takes. */
    @Test
    void shouldHearOfEveryRankThatFellBackAndOfNoOther() throws Exception {
        final Map<String, String> variables = Map.of("SIGNVOTE_SECRET", TestJob.SECRET);
        try (TestJob job = new TestJob("sharded", 3, SUSPICION_MS);
                RankProcess zero = new RankProcess(variables);
                RankProcess one = new RankProcess(variables);
                RankProcess two = new RankProcess(variables)) {
            job.join(zero, 0, "");
            job.join(one, 1, "kernel=scalar native.path=/nowhere/libsignvote.so");
            job.join(two, 2, "native.path=/nowhere/libsignvote.so");
            for (final RankProcess rank : List.of(zero, one, two)) {
                rank.expect("joined");
            }

            assertFalse(zero.errors().contains("scalar kernels"), zero::errors);
            assertFalse(one.errors().contains("scalar kernels"), one::errors);
            final String errors = two.errors();
            assertMessage(
                    errors,
                    "WARNING: rank 2: votes use the slower scalar kernels, native is unavailable: ",
                    "/nowhere/libsignvote.so",
                    "; set signvote.native.path to a libsignvote.so of this build");
            assertEquals(1, errors.split("scalar kernels,", -1).length - 1, errors);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star", "server"})
    void shouldGiveEveryRankTheResultOfTheOracleOnEveryPlan(final String plan) throws Exception {
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS)) {
            final List<RankProcess> members = processes.take(plan.equals("server") ? 4 : 3);
            job.join(members, "");
            job.votes(10);
            job.closeAll();

            for (final RankProcess rank : members.subList(0, 3)) {
                rank.send("sum 5");
                rank.expect("error IllegalStateException untouched communicator is closed, make another one");
            }
        }
    }

    /** A server has nothing to decide in such a call, and must follow it all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"sharded", "server"})
    void shouldTakeCallsWithoutValuesAndDecideTogether(final String plan) throws Exception {
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS)) {
            final List<RankProcess> members = processes.take(plan.equals("server") ? 4 : 3);
            job.join(members, "");
            job.send("empty 10");
            members.subList(0, 3).forEach(rank -> assertEquals("emptied", rank.answer()));
            job.closeAll();
        }
    }

    /** The server takes part in no call: the ranks tell each other what each has called. */
    @Test
    void shouldTellEveryRankBesideAServerWhoseCallHasNothingAndWhoLeft() throws Exception {
        final List<RankProcess> members = processes.take(4);
        try (TestJob job = new TestJob("server", 3, SUSPICION_MS)) {
            job.join(members, "");
            members.get(0).send("sum 0");
            members.get(1).send("sum 1000");
            members.get(2).send("sum 1000");
            for (final RankProcess rank : members.subList(0, 3)) {
                final String error = rank.answer();
                assertTrue(error.startsWith("error ProtocolException untouched "), error);
                assertMessage(error, "count=0", "count=1000");
                rank.send("close");
                assertEquals("closed", rank.answer());
            }
        }
        final List<RankProcess> others = processes.take(4);
        try (TestJob job = new TestJob("server", 3, SUSPICION_MS)) {
            job.join(others, "");
            job.send("empty 1");
            others.subList(0, 3).forEach(rank -> assertEquals("emptied", rank.answer()));
            others.get(1).send("close");
            others.get(1).expect("closed");
            others.get(0).send("sum 10");
            others.get(2).send("sum 10");
            for (final int rank : new int[] {0, 2}) {
                final String error = others.get(rank).answer();
                assertTrue(error.startsWith("error ProtocolException untouched "), error);
                assertMessage(error, "rank 1 called close() after ");
                others.get(rank).send("close");
                assertEquals("closed", others.get(rank).answer());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star"})
    void shouldVoteRightThroughTinySocketBuffers(final String plan) throws Exception {
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS)) {
            job.join(processes.take(3), "socket.buffer=8192");
            job.votes(10);
            job.closeAll();
        }
    }

    @Test
    void shouldVoteThroughOneDriverAndTwoJobsAtOnce() throws Exception {
        try (SharedDriver driver = SharedDriver.launch(AeronSettings.builder("127.0.0.1", 4)
                        .localMembers(4)
                        .mtuLength(1408)
                        .build());
                TestJob shared = new TestJob("sharded", 2, SUSPICION_MS);
                TestJob embedded = new TestJob("star", 2, SUSPICION_MS)) {
            final List<RankProcess> ranks = processes.take(2);
            shared.join(ranks, "aeron.dir=" + driver.directory());
            embedded.join(processes.take(2, 2), "");

            for (int i = 0; i < 3; i++) {
                shared.send("votes 4");
                embedded.votes(4);
                assertEquals(ranks.get(0).expect("votes "), ranks.get(1).expect("votes "));
            }

            shared.closeAll();
            embedded.closeAll();
            assertEquals(0, driver.errorCount());
        }
    }
}
