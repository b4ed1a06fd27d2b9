package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.system.Garbage;
import io.signvote.system.RankProcess;
import io.signvote.system.RankProcesses;
import io.signvote.system.TestJob;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Strangers throw garbage at every port of a job of real processes while it votes. */
@Tag("system")
class StrangersSystemTest {
    private static final long SUSPICION_MS = 20_000;
    private static final long STORM_NS = TimeUnit.SECONDS.toNanos(2);

    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());

    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        processes = new RankProcesses(3, Map.of());
    }

    @AfterAll
    static void end() {
        processes.close();
    }

    @Test
    void shouldVoteRightInAStormOfGarbage() throws Exception {
        final List<RankProcess> ranks = processes.take(3);
        try (TestJob job = new TestJob("sharded", 3, SUSPICION_MS)) {
            job.join(ranks, "");
            job.votes(1);
            try (Garbage garbage = new Garbage(seed, job.coordinator().port(), ranks)) {
                assertTrue(garbage.portCount() >= 9, "a port to listen on and one towards each peer, of every rank");
                assertEquals(6, garbage.streamCount());

                int batches = 0;
                final long untilNs = System.nanoTime() + STORM_NS;
                while (System.nanoTime() - untilNs < 0) {
                    job.send("votes 2");
                    for (int i = 0; i < 20; i++) {
                        garbage.throwDatagrams();
                        garbage.throwConnection();
                    }
                    final String first = ranks.get(0).expect("votes ");
                    assertEquals(first, ranks.get(1).answer(), () -> "seed=" + seed);
                    assertEquals(first, ranks.get(2).answer(), () -> "seed=" + seed);
                    batches++;
                }

                assertTrue(batches > 0 && garbage.datagrams() >= batches * 20L * 9 * 4);
            }
            assertTrue(job.coordinator().refusedCount() > 0);
            assertNull(job.coordinator().failure());
            job.closeAll();
        }
    }
}
