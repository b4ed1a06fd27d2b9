package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.VoteException;
import io.signvote.op.ReduceOp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs of real processes that launchers' variables bring together. */
@Tag("system")
class LauncherSystemTest {
    @TempDir
    private Path folder;

    /** torchrun gives the full name of the host, which may resolve to an address that is not there. */
    @Test
    void shouldMeetOnLoopbackWhereAllRanksAreOnThisHost() throws Exception {
        Files.writeString(folder.resolve("hosts"), "192.0.2.1 node1.example\n");

        final List<String> outputs = run(
                2,
                "TORCHELASTIC_RUN_ID=none RANK=%d WORLD_SIZE=2 LOCAL_RANK=%d LOCAL_WORLD_SIZE=2 MASTER_ADDR=node1.example"
                        + " MASTER_PORT=" + (freePort() - 1),
                "-Djdk.net.hosts.file=" + folder.resolve("hosts"));

        assertEquals(2, count(outputs, "voted [1.0, -1.0]"), outputs::toString);
        assertTrue(outputs.get(0).contains("signvote ranks=2 by torchrun "), outputs::toString);
    }

    /** The launcher's local size is of its own world: of a group of one rank per host it says nothing. */
    @Test
    void shouldMeetAtTheGivenAddressWhereOnlyTheWorldSizeIsGiven() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));

            final List<String> outputs = run(
                    2,
                    "OMPI_COMM_WORLD_RANK=%d OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=0"
                            + " OMPI_COMM_WORLD_LOCAL_SIZE=2 MASTER_ADDR=127.0.0.2 SIGNVOTE_JOIN_TIMEOUT=20s"
                            + " MASTER_PORT=" + taken.getLocalPort(),
                    "-Dvoter.world.size=2");

            assertEquals(2, count(outputs, "voted [1.0, -1.0]"), outputs::toString);
            assertTrue(outputs.get(0).contains("ranks=2 by Open MPI, world size by the program "), outputs::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RANK=1 SIGNVOTE_WORLD_SIZE=1||RANK and WORLD_SIZE, world size by SIGNVOTE_WORLD_SIZE",
                "JOB_COMPLETION_INDEX=2 SIGNVOTE_WORLD_SIZE=1||Kubernetes, world size by SIGNVOTE_WORLD_SIZE",
                "PMIX_RANK=2 SIGNVOTE_WORLD_SIZE=1||no launcher, world size by SIGNVOTE_WORLD_SIZE",
                "SIGNVOTE_RANK=0 SIGNVOTE_WORLD_SIZE=1||no launcher, rank by SIGNVOTE_RANK, world size by SIGNVOTE_WORLD_SIZE",
                "OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=3 OMPI_COMM_WORLD_LOCAL_SIZE=4"
                        + "|-Dsignvote.world.size=1|Open MPI, world size by signvote.world.size",
                "OMPI_COMM_WORLD_RANK=299 OMPI_COMM_WORLD_SIZE=300 OMPI_COMM_WORLD_LOCAL_RANK=3 OMPI_COMM_WORLD_LOCAL_SIZE=4"
                        + "|-Dvoter.world.size=1|Open MPI, world size by the program",
            })
    void shouldBeRank0OfAWorldOf1ThatIsGiven(final String variables, final String option, final String source)
            throws Exception {
        final String[] options = option == null ? new String[0] : new String[] {option};

        final String output = run(1, variables, options).get(0);

        assertMessage(output, "voted [1.0, -1.0] sockets=[]", "signvote ranks=1 by " + source + " plan=");
    }

    @Test
    void shouldRefuseAJobOfAnotherName() throws Exception {
        final List<String> outputs = run(
                2,
                "OMPI_COMM_WORLD_RANK=%d OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=%d OMPI_COMM_WORLD_LOCAL_SIZE=2"
                        + " PMIX_NAMESPACE=job%d SIGNVOTE_JOIN_TIMEOUT=15s MASTER_PORT=" + freePort());

        assertEquals(2, count(outputs, "belongs to job [job1], the coordinator serves job [job0]"), outputs::toString);
        assertTrue(outputs.get(0).contains("missing: 1"), outputs::toString);
    }

    /** A server is no process of the launcher: only a name that the user gives makes it one of the job. */
    @Test
    void shouldServeTheRanksOfALauncherUnderANameThatAllHaveFromTheUser() throws Exception {
        final List<String> named = runWithServer(" SIGNVOTE_JOB=mine");

        assertTrue(named.get(0).contains("voted [1.0, -1.0]"), named::toString);
        assertTrue(named.get(1).contains("served"), named::toString);
    }

    @Test
    void shouldTellAServerOfAnotherNameWhatToSet() throws Exception {
        final List<String> unnamed = runWithServer("");

        assertTrue(unnamed.get(1).contains("a job without an id, the coordinator serves job [77]"), unnamed::toString);
        assertTrue(unnamed.get(1).contains("on every rank and the server"), unnamed::toString);
    }

    private List<String> runWithServer(final String name) throws Exception {
        final String both = "SIGNVOTE_PLAN=server SIGNVOTE_JOIN_TIMEOUT=20s MASTER_PORT=" + freePort() + name;
        return run(List.of(
                both + " OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_LOCAL_RANK=0"
                        + " OMPI_COMM_WORLD_LOCAL_SIZE=1 PMIX_NAMESPACE=77",
                both + " SIGNVOTE_WORLD_SIZE=1 VOTER_SERVES=yes"));
    }

    /** Its port may be another's, and two programs that have nothing to do with each other run beside each other. */
    @Test
    void shouldOpenNothingForAWorldOfOne() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));

            final List<String> outputs =
                    run(1, "RANK=0 WORLD_SIZE=1 LOCAL_WORLD_SIZE=1 LOCAL_RANK=0 MASTER_PORT=" + taken.getLocalPort());

            final String output = outputs.get(0);
            assertMessage(
                    output,
                    "voted [1.0, -1.0]",
                    "signvote ranks=1 by RANK and WORLD_SIZE ",
                    "sockets=[] directories=[] threads=[]");
        }
    }

    @Test
    void shouldNameLocalRankWhereRanksWantOnePortAndTellTheOthers() throws Exception {
        final List<String> outputs = run(
                2,
                "RANK=%d WORLD_SIZE=2 SIGNVOTE_JOIN_TIMEOUT=35s SIGNVOTE_PORT=" + freePort() + " MASTER_PORT="
                        + freePort());

        assertEquals(
                2,
                count(outputs, "set SIGNVOTE_LOCAL_RANK=0, 1 and so on, so that each gets its own port"),
                outputs::toString);
        // either may be the one that finds the port taken; where it is rank 0, its coordinator says so as well
        assertEquals(
                1, count(outputs, "ConfigurationException cannot listen on udp host=127.0.0.1"), outputs::toString);
        assertTrue(
                outputs.stream()
                        .anyMatch(output -> output.matches("(?s).*RendezvousException rank \\d: rank \\d gave up: .*")),
                outputs::toString);
        assertEquals(0, count(outputs, "not everyone came within"), outputs::toString);
    }

    /** The option is checked after the rank has dialled. Rank 0 may come later, and waits for another rank 1 then. */
    @Test
    void shouldTellTheOthersThatARankCannotListenWithItsOptions() throws Exception {
        final String both = "WORLD_SIZE=2 SIGNVOTE_JOIN_TIMEOUT=10s MASTER_PORT=" + freePort();

        final List<String> outputs = run(List.of(both + " RANK=0", both + " RANK=1 SIGNVOTE_MTU=1500"));

        final String fact = "mtuLength=1500, expected a multiple of 32 ";
        assertTrue(outputs.get(1).contains("ConfigurationException " + fact), outputs::toString);
        assertTrue(outputs.get(0).contains("rank 1 gave up: " + fact), outputs::toString);
    }

    @Test
    void shouldNameSignvoteMasterPortWhereItIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));

            final List<String> outputs = run(1, "RANK=0 WORLD_SIZE=2 MASTER_PORT=" + taken.getLocalPort());

            assertEquals(1, count(outputs, "cannot listen on 127.0.0.1:" + taken.getLocalPort()), outputs::toString);
            assertEquals(
                    1,
                    count(outputs, "set SIGNVOTE_MASTER_PORT to the same free port on every rank"),
                    outputs::toString);
        }
    }

    @Test
    void shouldSayWhatTheNameOfRank0Became() throws Exception {
        Files.writeString(folder.resolve("hosts"), "127.0.1.1 node1\n127.0.1.2 node2\n");
        final String variables = "RANK=%d WORLD_SIZE=2 SIGNVOTE_JOIN_TIMEOUT=4s MASTER_PORT=" + freePort();

        final List<String> outputs = run(
                List.of(variables + " MASTER_ADDR=node1", variables + " MASTER_ADDR=node2"),
                "-Djdk.net.hosts.file=" + folder.resolve("hosts"));

        assertTrue(outputs.get(0).contains("rank 0 listens on loopback only"), outputs::toString);
        assertTrue(outputs.get(0).contains("node1 is 127.0.1.1 here"), outputs::toString);
        assertTrue(outputs.get(1).contains(", which is 127.0.1.2 here,"), outputs::toString);
        assertTrue(
                outputs.get(1).contains("rank 0 may listen on loopback only, if node2 is a loopback address"),
                outputs::toString);
    }

    private List<String> run(final int ranks, final String variables, final String... options) throws Exception {
        final List<String> all = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            all.add(variables);
        }
        return run(all, options);
    }

    /** Each rank's output, with every %d the rank. */
    private List<String> run(final List<String> variables, final String... options) throws Exception {
        final List<CompletableFuture<String>> outputs = new ArrayList<>();
        for (int rank = 0; rank < variables.size(); rank++) {
            final Path directory = Files.createDirectory(folder.resolve("rank" + rank));
            final Map<String, String> environment = new HashMap<>();
            for (final String pair :
                    variables.get(rank).replace("%d", "" + rank).split(" ")) {
                environment.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
            }
            final CompletableFuture<String> output = new CompletableFuture<>();
            final Thread runner = new Thread(() -> {
                try {
                    output.complete(FreshProcess.run(directory, Voter.class, environment, options));
                } catch (final Exception | Error e) {
                    output.completeExceptionally(e);
                }
            });
            runner.setDaemon(true);
            runner.start();
            outputs.add(output);
        }
        final List<String> all = new ArrayList<>();
        for (final CompletableFuture<String> output : outputs) {
            all.add(output.get(50, TimeUnit.SECONDS));
        }
        return all;
    }

    private static long count(final List<String> outputs, final String part) {
        return outputs.stream().filter(output -> output.contains(part)).count();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    /** Votes once, and says what it holds meanwhile. */
    static final class Voter {
        private Voter() {}

        public static void main(final String[] args) throws IOException {
            final Context context = new Context();
            final Integer worldSize = Integer.getInteger("voter.world.size");
            if (worldSize != null) {
                context.worldSize(worldSize);
            }
            if (System.getenv("VOTER_SERVES") != null) {
                serve(context);
                return;
            }
            try (Communicator communicator = Communicator.connect(context)) {
                final float[] verdict = new float[2];
                communicator.allReduce(new float[] {1, -1}, verdict, ReduceOp.MAJORITY);
                System.out.println("voted " + Arrays.toString(verdict) + " sockets=" + sockets() + " directories="
                        + directories() + " threads=" + threads());
            } catch (final VoteException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }

        private static void serve(final Context context) {
            try {
                Communicator.serve(context);
                System.out.println("served");
            } catch (final VoteException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }

        private static List<String> sockets() throws IOException {
            final List<String> sockets = new ArrayList<>();
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                for (final Path path : open.toList()) {
                    final String inode = Files.isSymbolicLink(path)
                            ? Files.readSymbolicLink(path).toString().replaceAll("\\D", "")
                            : "";
                    for (final String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
                        if (!inode.isEmpty()
                                && Files.readString(Path.of("/proc/self/net", protocol))
                                        .contains(" " + inode + " ")) {
                            sockets.add(protocol);
                        }
                    }
                }
            }
            return sockets;
        }

        private static List<String> directories() throws IOException {
            try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
                return all.map(path -> path.getFileName().toString())
                        .filter(name ->
                                name.contains("-" + ProcessHandle.current().pid() + "-"))
                        .toList();
            }
        }

        private static List<String> threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("signvote") || name.contains("aeron"))
                    .toList();
        }
    }
}
