package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.build.Build;
import io.signvote.system.RankProcess;
import io.signvote.system.RankProcesses;
import io.signvote.system.TestJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of real processes that cannot start: what a user reads on every rank, and that nothing is left behind. */
@Tag("system")
class RefusalSystemTest {
    private static final long SUSPICION_MS = 15_000;
    private static final long SHORT_JOIN_MS = 4_000;
    private static final String RENDEZVOUS = "RendezvousException";
    private static final String CONFIGURATION = "ConfigurationException";

    /** A job of 255 ranks on one host needs more than this in logs alone. */
    private static final long MOST_SHARED_MEMORY = 64L << 30;

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
    void shouldNotCountTheEndOfALineToTheSecret(@TempDir final Path folder) throws Exception {
        final Path file = Files.writeString(folder.resolve("secret"), TestJob.SECRET + "\n");
        final List<RankProcess> ranks = processes.take(2);
        try (TestJob job = new TestJob("sharded", 2, SUSPICION_MS)) {
            job.join(ranks, "secret.file=" + file);
            job.votes(1);
            job.closeAll();
        }
    }

    @Test
    void shouldTellWhoHoldsAnotherSecret(@TempDir final Path folder) throws Exception {
        final Path other = Files.writeString(folder.resolve("secret"), "sixteen bytes of another job");
        final List<RankProcess> ranks = processes.take(2);
        try (TestJob job = new TestJob("sharded", 2, SUSPICION_MS, SHORT_JOIN_MS)) {
            job.join(ranks.get(0), 0, "");
            job.join(ranks.get(1), 1, "secret.file=" + other);

            assertRefused(
                    ranks.get(1),
                    RENDEZVOUS,
                    "rank 1: coordinator 127.0.0.1:" + job.coordinator().port(),
                    "refused us, the secrets differ: give every process the same");
            assertRefused(
                    ranks.get(0),
                    RENDEZVOUS,
                    "not everyone came within 4.0 s (refused connections: 1, the last: 127.0.0.1:",
                    "does not hold the secret of this job",
                    "missing: 1");
        }
    }

    /** The same natives and other sources: a jar whose Java alone was built elsewhere. */
    @Test
    void shouldTellWhoRunsAnotherBuild(@TempDir final Path folder) throws Exception {
        final Build own = Build.current();
        final Path room = Files.createDirectories(folder.resolve("io/signvote/build"));
        Files.writeString(
                room.resolve("build.properties"),
                "version=" + own.version() + "\ncommit=0123456789abcdef\nwire=" + own.wire()
                        + "\nsources=fedcba9876543210\nnatives=" + own.natives() + "\n");
        final RankProcess rank = processes.take(1).get(0);
        final Map<String, String> variables = Map.of("RANK", "1", "SIGNVOTE_SECRET", TestJob.SECRET);
        try (TestJob job = new TestJob("sharded", 2, SUSPICION_MS);
                RankProcess other = new RankProcess(variables, List.of(folder))) {
            job.join(rank, 0, "");
            awaitPresent(job, 1);
            job.join(other, 1, "kernel=native");

            final String fact =
                    "runs SignVote [" + own.version() + " commit 0123456789ab (sources fedcba9876543210) wire "
                            + own.wire() + "], the coordinator runs [" + own.text() + "]";
            assertRefused(other, RENDEZVOUS, "rank 1 at 127.0.0.1:", fact);
            assertRefused(rank, RENDEZVOUS, "rank 1 at 127.0.0.1:", fact);
        }
    }

    @Test
    void shouldTellEveryRankThatWorldSizesDiffer() throws Exception {
        final List<RankProcess> ranks = processes.take(3);
        try (TestJob job = new TestJob("sharded", 3, SUSPICION_MS)) {
            job.join(ranks.get(0), 0, "");
            job.join(ranks.get(1), 1, "");
            awaitPresent(job, 2);
            job.join(ranks.get(2), 2, "world.size=4");

            for (final RankProcess rank : ranks) {
                assertRefused(
                        rank,
                        RENDEZVOUS,
                        "rank 2 at 127.0.0.1:",
                        "expects worldSize=4, the coordinator expects worldSize=3: set SIGNVOTE_WORLD_SIZE to the same number everywhere",
                        "missing: 2");
            }
        }
    }

    @Test
    void shouldTellEveryRankWhichCameTwice() throws Exception {
        final List<RankProcess> ranks = processes.take(3);
        try (TestJob job = new TestJob("star", 3, SUSPICION_MS)) {
            job.join(ranks.get(0), 0, "");
            job.join(ranks.get(1), 1, "");
            awaitPresent(job, 2);
            job.join(ranks.get(2), 1, "");

            for (final RankProcess rank : ranks) {
                assertRefused(
                        rank,
                        RENDEZVOUS,
                        "rank 1 came twice, from 127.0.0.1:",
                        "give every process its own RANK",
                        "came: 0@127.0.0.1:",
                        "missing: 2");
            }
        }
    }

    @Test
    void shouldTellEveryRankWhichIsMissing() throws Exception {
        final List<RankProcess> ranks = processes.take(2);
        try (TestJob job = new TestJob("sharded", 3, SUSPICION_MS, SHORT_JOIN_MS)) {
            job.join(ranks.get(0), 0, "");
            job.join(ranks.get(1), 2, "");

            for (final RankProcess rank : ranks) {
                assertRefused(
                        rank,
                        RENDEZVOUS,
                        "not everyone came within 4.0 s",
                        "start the missing ranks with WORLD_SIZE=3 and this coordinator's address, 127.0.0.1:"
                                + job.port(),
                        "came: 0@127.0.0.1:",
                        "missing: 1");
            }
        }
    }

    @Test
    void shouldTellEveryRankThatSettingsDiffer() throws Exception {
        final List<RankProcess> ranks = processes.take(2);
        try (TestJob job = new TestJob("sharded", 2, SUSPICION_MS)) {
            job.join(ranks.get(0), 0, "");
            awaitPresent(job, 1);
            job.join(ranks.get(1), 1, "ties=positive");

            for (final RankProcess rank : ranks) {
                assertRefused(rank, RENDEZVOUS, "settings differ: rank 0 has [plan=SHARDED,", "ties=POSITIVE");
            }
        }
    }

    @Test
    void shouldNameWhatThisMachineCannotDo() throws Exception {
        final RankProcess rank = processes.take(1).get(0);
        try (TestJob job = new TestJob("sharded", 1, SUSPICION_MS)) {
            job.join(rank, 0, "socket.buffer=1g");
            assertRefused(
                    rank,
                    CONFIGURATION,
                    "socketBufferLength=1073741824 is required, but the system granted SO_RCVBUF=",
                    "sysctl -w net.core.rmem_max=1073741824");

            job.join(rank, 0, "socket.buffer=8192 mtu=65504");
            assertRefused(rank, CONFIGURATION, "socket buffers are too small: SO_RCVBUF=8192", "net.core.rmem_max=");

            job.join(rank, 0, "interface=192.0.2.1");
            assertRefused(
                    rank, CONFIGURATION, "signvote.interface=192.0.2.1 is not an address of this host: take one of ");

            job.join(rank, 0, "secret.file=/nowhere/at/all");
            assertRefused(rank, CONFIGURATION, "signvote.secret.file=/nowhere/at/all cannot be read");

            job.join(rank, 0, "aeron.dir=/nowhere/at/all");
            assertRefused(rank, CONFIGURATION, "no media driver runs in driverDirectory=/nowhere/at/all");
        }
    }

    @Test
    void shouldRefuseTooLittleSharedMemoryBeforeAnythingStarts() throws Exception {
        final long usable = Files.getFileStore(Path.of("/dev/shm")).getUsableSpace();
        assumeTrue(usable < MOST_SHARED_MEMORY, "/dev/shm has " + usable + " bytes, enough for any job");
        final RankProcess rank = processes.take(1).get(0);
        try (TestJob job = new TestJob("sharded", 255, SUSPICION_MS)) {
            job.join(rank, 0, "local.world.size=255");

            assertRefused(
                    rank,
                    CONFIGURATION,
                    "shared memory is too small: directory=/dev/shm needed=",
                    "for localMembers=255 of members=255",
                    "enlarge it (mount -o remount,size=");
        }
    }

    private static void awaitPresent(final TestJob job, final int count) {
        final long deadlineNs = System.nanoTime() + SUSPICION_MS * 1_000_000;
        while (job.coordinator().presentCount() < count) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "nobody came");
            Thread.onSpinWait();
        }
    }

    private static void assertRefused(final RankProcess rank, final String exception, final String... facts) {
        final String answer = rank.answer();
        assertTrue(answer.startsWith("error " + exception + " "), answer);
        for (final String fact : facts) {
            assertMessage(answer, fact);
        }
        assertEquals(List.of(), rank.directories());
    }
}
