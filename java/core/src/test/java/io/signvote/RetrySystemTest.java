package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.system.Learner;
import io.signvote.system.RankProcess;
import io.signvote.system.RankProcesses;
import io.signvote.system.TestJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes whose job fails during a step. They retry the step in another job and end with the same bits. */
@Tag("system")
class RetrySystemTest {
    private static final long SUSPICION_MS = 20_000;
    private static final long NEVER = 1_000_000;

    /** Six chunks of 10,240 coordinates in each vote, and in the verdict that is served. */
    private static final int COUNT = 60_001;

    /** Two chunks, so that steps are short and a kill can hit any part of a step. */
    private static final int SMALL = 20_001;

    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        processes = new RankProcesses(4, Map.of());
    }

    @AfterAll
    static void end() {
        processes.close();
    }

    /** Rank 0 has completed step 4, rank 1 has step 5 pending, and rank 2 lacks step 4. */
    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star", "server"})
    void shouldServeAVerdictOfManyChunksAndEndWithTheBitsOfARunWithoutFailures(final String plan) throws Exception {
        final List<RankProcess> members = processes.take(plan.equals("server") ? 4 : 3);
        final List<RankProcess> ranks = members.subList(0, 3);
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS)) {
            job.join(members, "");
            job.send("learn " + COUNT);
            ranks.forEach(rank -> rank.expect("learning"));
            job.send("steps 3");
            ranks.forEach(rank -> rank.expect("stepped "));
            sendAll(ranks, "steps 4", "steps 4", "twin");
            expectAll(ranks, "stepped ", "stepped ", "twin stepped");
            ranks.get(0).send("abort");
            ranks.get(0).expect("aborted");
            sendAll(ranks.subList(1, 3), "steps 5", "steps 4");
            ranks.subList(1, 3).forEach(rank -> rank.expect("error AbortedException "));
            job.send("where");
            expectAll(ranks, "step 4", "step 5 pending", "step 4 pending");
            leave(members, 3);
        }

        try (TestJob next = new TestJob(plan, 3, SUSPICION_MS)) {
            next.join(members, "");
            next.send("retry");
            next.send("steps 6");
            ranks.forEach(rank -> rank.expect("retried"));
            final String expected = "stepped " + checksumOfARunWithoutFailures(6);
            ranks.forEach(rank -> assertEquals(expected, rank.answer()));
            next.closeAll();
        }
    }

    private static long checksumOfARunWithoutFailures(final long steps) throws Exception {
        final long[] checksums = new long[3];
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                try (Learner learner = new Learner(communicator, COUNT)) {
                    learner.stepTo(steps, step -> {});
                    checksums[communicator.rank()] = learner.checksum();
                }
            });
        }
        assertEquals(checksums[0], checksums[1]);
        assertEquals(checksums[0], checksums[2]);
        return checksums[0];
    }

    /** The test kills one rank after another during its steps, until two are left. */
    @ParameterizedTest
    @CsvSource({"server, 3", "sharded, 4"})
    void shouldContinueWithoutRanksThatAreKilledDuringTheirSteps(final String plan, final int most) throws Exception {
        final boolean hasServer = plan.equals("server");
        final List<RankProcess> members = new ArrayList<>(processes.take(most + (hasServer ? 1 : 0)));
        long mid = 5;
        for (int ranks = most; ranks > 2; ranks--) {
            try (TestJob job = new TestJob(plan, ranks, SUSPICION_MS)) {
                // another rank each time, not only the last
                final RankProcess victim = members.get(ranks % 3);
                job.join(members, "");
                job.send(ranks == most ? "learn " + SMALL : "retry");
                for (final RankProcess rank : members.subList(0, ranks)) {
                    rank.send("steps " + NEVER + (rank == victim ? " " + mid : ""));
                }
                // a rank whose step is pending returns from the retry when the others take that step
                final String first = ranks == most ? "learning" : "retried";
                members.subList(0, ranks).forEach(rank -> rank.expect(first));
                victim.expect("mid");
                victim.kill();

                members.remove(victim);
                final List<RankProcess> survivors = members.subList(0, ranks - 1);
                survivors.forEach(rank -> rank.expect("error PeerLostException "));
                mid = 5 + lastStep(survivors);
                leave(members, ranks - 1);
            }
        }

        try (TestJob job = new TestJob(plan, 2, SUSPICION_MS)) {
            job.join(members, "");
            job.send("retry");
            job.send("steps " + mid);
            members.subList(0, 2).forEach(rank -> rank.expect("retried"));
            final String stepped = members.get(0).expect("stepped ");
            assertEquals(stepped, members.get(1).answer());
            job.closeAll();
        }
    }

    private static long lastStep(final List<RankProcess> ranks) {
        ranks.forEach(rank -> rank.send("where"));
        return ranks.stream()
                .mapToLong(rank -> Long.parseLong(rank.expect("step ").split(" ")[1]))
                .max()
                .orElseThrow();
    }

    /** After a failure the ranks close. A server has seen the failure too. */
    private static void leave(final List<RankProcess> members, final int ranks) {
        members.subList(0, ranks).forEach(rank -> rank.send("close"));
        members.subList(0, ranks).forEach(rank -> assertEquals("closed", rank.answer()));
        members.subList(ranks, members.size()).forEach(server -> server.expect("error "));
    }

    private static void sendAll(final List<RankProcess> ranks, final String... commands) {
        for (int i = 0; i < ranks.size(); i++) {
            ranks.get(i).send(commands[i]);
        }
    }

    private static void expectAll(final List<RankProcess> ranks, final String... answers) {
        for (int i = 0; i < ranks.size(); i++) {
            final String answer = ranks.get(i).answer();
            assertTrue(
                    answers[i].endsWith(" ") ? answer.startsWith(answers[i]) : answer.equals(answers[i]),
                    "expected " + answers[i] + ", was " + answer);
        }
    }
}
