package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process of its own: what it tells its ranks, what a signal to it does, and what it leaves behind. */
@Tag("system")
class RunSystemTest {
    @TempDir
    private Path folder;

    private Launched launched;

    @AfterEach
    void endLauncher() throws Exception {
        launched.close();
        launched.onExit().get(30, TimeUnit.SECONDS);
        assertEquals(List.of(), launched.directories(), "left in shared memory");
    }

    @Test
    void shouldTellEachRankWhoItIs() throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "3",
                "--join",
                "90s",
                "--",
                "/bin/sh",
                "-c",
                "echo $RANK $LOCAL_RANK $WORLD_SIZE $LOCAL_WORLD_SIZE $MASTER_ADDR $SIGNVOTE_COORDINATOR $SIGNVOTE_LAUNCHER"
                        + " secret=${#SIGNVOTE_SECRET} join=$SIGNVOTE_JOIN_TIMEOUT port=$SIGNVOTE_MASTER_PORT");

        assertEquals(0, launched.end(), launched::output);
        final List<String> lines = launched.out().lines().sorted().toList();
        assertEquals(3, lines.size());
        for (int rank = 0; rank < 3; rank++) {
            final String line = lines.get(rank);
            assertTrue(
                    line.startsWith("[" + rank + "] " + rank + " " + rank + " 3 3 127.0.0.1 external run secret=64"
                            + " join=90000000000ns port="),
                    line);
            assertTrue(line.replaceFirst(".*port=", "").matches("[1-9]\\d*"), line);
        }
    }

    @Test
    void shouldReturnTheCodeOfTheFirstToFail() throws Exception {
        launched = new Launched(
                folder, "run", "-np", "2", "--", "/bin/sh", "-c", "if [ $RANK = 1 ]; then exit 42; fi; sleep 300");

        assertEquals(42, launched.end(), launched::output);
        assertTrue(launched.output().contains("rank 1 ended with code 42"), launched.output());
    }

    @Test
    void shouldEndNobodyWhenItKeepsGoing() throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "3",
                "--keep-going",
                "--",
                "/bin/sh",
                "-c",
                // rank 0 outlives rank 2: it waits until the launcher has taken the end of that process
                "cd " + folder + "; case $RANK in"
                        + " 0) until [ -e pid ]; do sleep 0.02; done;"
                        + " while kill -0 $(cat pid) 2>/dev/null; do sleep 0.02; done; echo alive;;"
                        + " 1) exit 42;;"
                        + " 2) sleep 1; echo $$ > pid.new; mv pid.new pid;; esac");

        assertEquals(42, launched.end(), launched::output);
        assertTrue(launched.output().contains("[0] alive"), launched.output());
        assertTrue(launched.output().contains("rank 0 ended with code 0"), launched.output());
        assertTrue(launched.output().contains("rank 1 ended with code 42, "), launched.output());
        assertTrue(launched.output().contains("rank 2 ended with code 0, "), launched.output());
    }

    @Test
    void shouldPassTermOnAndLeaveNothing() throws Exception {
        assertEquals(128 + 15, signalled("TERM"), launched::output);
        assertTrue(launched.output().contains("[0] saw TERM"), launched.output());
    }

    @Test
    void shouldPassIntOnAndLeaveNothing() throws Exception {
        assertEquals(128 + 2, signalled("INT"), launched::output);
        assertTrue(launched.output().contains("[0] saw INT"), launched.output());
    }

    /** Nothing runs any more that could tidy up: so there must be no secret. Shared memory is freed by whoever starts next. */
    @Test
    void shouldLeaveNoSecretBehindWhenKilledOutright() throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "2",
                "--",
                "/bin/sh",
                "-c",
                "echo $$ > " + folder + "/pid.$RANK; touch " + folder + "/ready.$RANK; exec sleep 300");
        JobLauncherTest.awaitFile(folder.resolve("ready.0"), launched.onExit());
        JobLauncherTest.awaitFile(folder.resolve("ready.1"), launched.onExit());
        final List<ProcessHandle> ranks = List.of(rank(0), rank(1));
        final Set<String> files = files();

        launched.signal("KILL");
        launched.onExit().get(30, TimeUnit.SECONDS);
        ranks.forEach(ProcessHandle::destroyForcibly);

        assertEquals(Set.of("err", "out", "pid.0", "pid.1", "ready.0", "ready.1"), files);
        assertEquals(files, files());
        final Launched killed = launched;
        launched = new Launched(folder, "run", "-np", "1", "--", "true");
        assertEquals(0, launched.end(), launched::output);
        assertEquals(List.of(), killed.directories());
    }

    /** All that a rank starts has the secret, and nobody else may look at it. */
    @Test
    void shouldHandTheSecretDownToGrandchildren() throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "2",
                "--",
                "/bin/sh",
                "-c",
                "/bin/sh -c 'echo secret=$SIGNVOTE_SECRET file=$SIGNVOTE_SECRET_FILE.; stat -c mode=%a /proc/self/environ'");

        assertEquals(0, launched.end(), launched::output);
        final List<String> lines = launched.out()
                .lines()
                .map(line -> line.substring(4))
                .distinct()
                .sorted()
                .toList();
        assertEquals(2, lines.size(), launched::output);
        assertEquals("mode=400", lines.get(0));
        assertTrue(lines.get(1).matches("secret=[0-9a-f]{64} file=\\."), lines.get(1));
    }

    @Test
    void shouldDrawAnotherSecretEachTime() throws Exception {
        final Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            launched = new Launched(folder, "run", "-np", "1", "--", "/bin/sh", "-c", "echo $SIGNVOTE_SECRET");
            assertEquals(0, launched.end(), launched::output);
            secrets.add(launched.out());
        }
        assertEquals(2, secrets.size(), secrets::toString);
    }

    /** A file that the user's shell names for jobs on several hosts is not the secret of this one. */
    @Test
    void shouldPreferItsSecretOverUsersSecretFile() throws Exception {
        launched = new Launched(
                folder,
                Map.of("SIGNVOTE_SECRET_FILE", "/nowhere/at/all"),
                "run",
                "-np",
                "1",
                "--",
                "/bin/sh",
                "-c",
                "echo file=$SIGNVOTE_SECRET_FILE. length=${#SIGNVOTE_SECRET}");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.out().contains("file=. length=64"), launched::output);
    }

    /** What an earlier job, or another launcher, left in the user's shell must not beat what the ranks get from here. */
    @Test
    void shouldNotHandOnWhatOverridesItsOwnVariables() throws Exception {
        launched = new Launched(
                folder,
                Map.ofEntries(
                        Map.entry("SIGNVOTE_RANK", "7"),
                        Map.entry("SIGNVOTE_WORLD_SIZE", "8"),
                        Map.entry("SIGNVOTE_LOCAL_RANK", "3"),
                        Map.entry("SIGNVOTE_LOCAL_WORLD_SIZE", "4"),
                        Map.entry("SIGNVOTE_MASTER_ADDRESS", "192.0.2.1"),
                        Map.entry("SIGNVOTE_MASTER_PORT", "1"),
                        Map.entry("SIGNVOTE_COORDINATOR", "rank0"),
                        Map.entry("SIGNVOTE_JOIN_TIMEOUT", "20s"),
                        Map.entry("SIGNVOTE_JOB", "another"),
                        Map.entry("SIGNVOTE_LAUNCHER", "another"),
                        Map.entry("RANK", "5"),
                        Map.entry("TORCHELASTIC_RUN_ID", "another"),
                        Map.entry("OMPI_COMM_WORLD_RANK", "6"),
                        Map.entry("OMPI_COMM_WORLD_SIZE", "2")),
                List.of(),
                Stream.concat(Stream.of("run", "-np", "2"), voter().stream()).toArray(String[]::new));

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("[0] rank=0 of 2 voted [1.0, -1.0]"), launched.output());
        assertTrue(launched.output().contains("[1] rank=1 of 2 voted [1.0, -1.0]"), launched.output());
        assertTrue(launched.output().contains("signvote ranks=2 by run "), launched.output());
    }

    /** The launcher's coordinator waits for its only rank: it comes, and what it finds there works. */
    @Test
    void shouldBeJoinedByAWorldOfOne() throws Exception {
        vote();

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("[0] rank=0 of 1 voted [1.0, -1.0]"), launched.output());
        final String log = log();
        assertTrue(log.contains("signvote ranks=1 by run plan=SHARDED,"), log);
        assertTrue(log.matches("(?s).* frame=\\d+ receiveWindow=\\d+.*"), log);
    }

    @Test
    void shouldTallyForAWorldOfOneByAServer() throws Exception {
        vote("--server");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("[0] rank=0 of 1 voted [1.0, -1.0]"), launched.output());
        final String log = log();
        assertTrue(log.contains("signvote ranks=1 by run plan=SERVER,"), log);
        assertTrue(log.matches("(?s).* frame=\\d+ receiveWindow=\\d+.*"), log);
    }

    @Test
    void shouldHoldThePortItWasGiven() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        launched = new Launched(
                folder,
                "run",
                "-np",
                "1",
                "--port",
                "" + port,
                "--",
                "/bin/sh",
                "-c",
                "echo port=$SIGNVOTE_MASTER_PORT");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("port=" + port), launched::output);
    }

    @Test
    void shouldLeaveAPortForOthersThatMeetAtMasterPort() throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "1",
                "--",
                "/bin/sh",
                "-c",
                "echo $MASTER_PORT $SIGNVOTE_MASTER_PORT > " + folder + "/ports.new; mv " + folder + "/ports.new "
                        + folder + "/ports; until [ -e " + folder + "/go ]; do sleep 0.05; done");
        JobLauncherTest.awaitFile(folder.resolve("ports"), launched.onExit());
        final String[] ports = Files.readString(folder.resolve("ports")).strip().split(" ");
        final int port = Integer.parseInt(ports[0]);

        assertNotEquals(ports[0], ports[1]);
        assertThrows(
                ConnectException.class,
                () -> new Socket(InetAddress.getLoopbackAddress(), port).close(),
                "somebody listens on MASTER_PORT");
        try (ServerSocket gloo = new ServerSocket(port)) {
            assertEquals(port, gloo.getLocalPort());
        }

        Files.createFile(folder.resolve("go"));
        assertEquals(0, launched.end(), launched::output);
    }

    @Test
    void shouldNameTheJobToAllRanksAlike() throws Exception {
        launched = new Launched(folder, "run", "-np", "2", "--", "/bin/sh", "-c", "echo job=$SIGNVOTE_JOB.");

        assertEquals(0, launched.end(), launched::output);
        final List<String> jobs = launched.out()
                .lines()
                .map(line -> line.replaceFirst("\\[\\d] ", ""))
                .distinct()
                .toList();
        assertEquals(1, jobs.size(), launched::output);
        assertTrue(jobs.get(0).matches("job=[0-9a-f]{16}\\."), launched::output);
    }

    @Test
    void shouldSayThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launched = new Launched(folder, "run", "-np", "1", "--port", "" + taken.getLocalPort(), "--", "true");

            assertNotEquals(0, launched.end(), launched::output);
            assertTrue(
                    launched.output().contains("cannot listen on 127.0.0.1:" + taken.getLocalPort()), launched::output);
        }
    }

    @Test
    void shouldPassARawRankOnAsItComes() throws Exception {
        launched =
                new Launched(folder, "run", "-np", "2", "--raw", "0", "--", "/bin/sh", "-c", "printf '1 %%\\r2 %%\\n'");

        assertEquals(0, launched.end(), launched::output);
        final String out = launched.out();
        assertTrue(out.contains("1 %\r2 %\n"), out);
        assertTrue(out.contains("[1] 2 %\n"), out);
    }

    @Test
    void shouldHandSocketBufferAndMtuOnToItsRanks() throws Exception {
        launched = new Launched(
                folder,
                Map.of(),
                List.of("-Dsignvote.socket.buffer=128k", "-Dsignvote.mtu=2048"),
                "run",
                "-np",
                "1",
                "--",
                "/bin/sh",
                "-c",
                "echo buffer=$SIGNVOTE_SOCKET_BUFFER mtu=$SIGNVOTE_MTU");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.out().contains("buffer=131072 mtu=2048\n"), launched::output);
    }

    @Test
    void shouldDemandTheSocketBufferOfItsOwnDriverToo() throws Exception {
        launched = new Launched(
                folder, Map.of("SIGNVOTE_SOCKET_BUFFER", "1g"), List.of(), "run", "-np", "1", "--", "/bin/echo", "ran");

        assertNotEquals(0, launched.end(), launched::output);
        final String refusal = "socketBufferLength=1073741824 is required, but the system granted SO_RCVBUF=";
        assertTrue(launched.output().contains(refusal), launched::output);
    }

    @Test
    void shouldTakeTheMtuForItsOwnDriverToo() throws Exception {
        launched = new Launched(
                folder, Map.of(), List.of("-Dsignvote.mtu=1409"), "run", "-np", "1", "--", "/bin/echo", "ran");

        assertNotEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("mtuLength=1409, expected a multiple of 32"), launched::output);
    }

    /** Runs one rank that votes. */
    private void vote(final String... options) throws IOException {
        final List<String> command = new ArrayList<>(List.of("run", "-np", "1"));
        command.addAll(List.of(options));
        command.addAll(voter());
        launched = new Launched(folder, command.toArray(String[]::new));
    }

    private List<String> voter() {
        return List.of(
                "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Voter.class.getName());
    }

    /** What rank 0 says of the job at its start. */
    private String log() {
        return launched.output()
                .lines()
                .filter(line -> line.contains("signvote ranks="))
                .collect(Collectors.joining("\n"));
    }

    private ProcessHandle rank(final int rank) throws IOException {
        return ProcessHandle.of(Long.parseLong(
                        Files.readString(folder.resolve("pid." + rank)).strip()))
                .orElseThrow();
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private int signalled(final String signal) throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "2",
                "--grace",
                "2s",
                "--",
                "/bin/sh",
                "-c",
                "trap 'echo saw TERM; exit 1' TERM; trap 'echo saw INT; exit 1' INT; sleep 300 & echo $! > " + folder
                        + "/pid.$RANK; touch " + folder + "/ready.$RANK; while :; do wait; done");
        JobLauncherTest.awaitFile(folder.resolve("ready.0"), launched.onExit());
        JobLauncherTest.awaitFile(folder.resolve("ready.1"), launched.onExit());

        launched.signal(signal);

        final int code = launched.end();
        JobLauncherTest.assertGone(folder.resolve("pid.0"));
        JobLauncherTest.assertGone(folder.resolve("pid.1"));
        return code;
    }

    /** Joins as it is told, and votes. */
    static final class Voter {
        private Voter() {}

        public static void main(final String[] args) {
            try (Communicator communicator = Communicator.connect()) {
                final float[] data = {2f, -3f};
                communicator.allReduce(data, data, ReduceOp.MAJORITY);
                System.out.println("rank=" + communicator.rank() + " of " + communicator.size() + " voted "
                        + Arrays.toString(data));
            }
        }
    }
}
