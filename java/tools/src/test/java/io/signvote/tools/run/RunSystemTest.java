package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    void endLauncher() {
        launched.close();
    }

    @Test
    void shouldTellEachRankWhoItIs() throws Exception {
        launched = new Launched(
                folder,
                "run",
                "-np",
                "3",
                "--",
                "/bin/sh",
                "-c",
                "echo $RANK $LOCAL_RANK $WORLD_SIZE $LOCAL_WORLD_SIZE $MASTER_ADDR $SIGNVOTE_COORDINATOR"
                        + " $(stat -c %a $SIGNVOTE_SECRET_FILE) port=$MASTER_PORT file=$SIGNVOTE_SECRET_FILE");

        assertEquals(0, launched.end(), launched::output);
        final List<String> lines = launched.out().lines().sorted().toList();
        assertEquals(3, lines.size());
        for (int rank = 0; rank < 3; rank++) {
            final String line = lines.get(rank);
            assertTrue(
                    line.startsWith("[" + rank + "] " + rank + " " + rank + " 3 3 127.0.0.1 external 600 port="), line);
            assertTrue(line.replaceFirst(".*port=", "").matches("[1-9]\\d* .*"), line);
            assertFalse(Files.exists(Path.of(line.replaceFirst(".*file=", ""))), line);
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
    void shouldPassTermOnAndLeaveNothing() throws Exception {
        assertEquals(128 + 15, signalled("TERM"), launched::output);
        assertTrue(launched.output().contains("[0] saw TERM"), launched.output());
    }

    @Test
    void shouldPassIntOnAndLeaveNothing() throws Exception {
        assertEquals(128 + 2, signalled("INT"), launched::output);
        assertTrue(launched.output().contains("[0] saw INT"), launched.output());
    }

    @Test
    void shouldHoldThePortItWasGiven() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        launched = new Launched(
                folder, "run", "-np", "1", "--port", "" + port, "--", "/bin/sh", "-c", "echo port=$MASTER_PORT");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("port=" + port), launched::output);
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
        assertTrue(
                launched.output().contains("socketBufferLength=1073741824 was asked for, granted were SO_RCVBUF="),
                launched::output);
    }

    @Test
    void shouldTakeTheMtuForItsOwnDriverToo() throws Exception {
        launched = new Launched(
                folder, Map.of(), List.of("-Dsignvote.mtu=1409"), "run", "-np", "1", "--", "/bin/echo", "ran");

        assertNotEquals(0, launched.end(), launched::output);
        assertTrue(launched.output().contains("mtuLength=1409, expected a multiple of 32"), launched::output);
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
                "trap 'echo saw TERM; exit 1' TERM; trap 'echo saw INT; exit 1' INT; sleep 300 & echo $! > "
                        + folder + "/pid.$RANK; cp $SIGNVOTE_SECRET_FILE " + folder
                        + "/secret; echo $SIGNVOTE_SECRET_FILE > " + folder + "/name.$RANK; touch " + folder
                        + "/ready.$RANK; while :; do wait; done");
        JobLauncherTest.awaitFile(folder.resolve("ready.0"), launched.onExit());
        JobLauncherTest.awaitFile(folder.resolve("ready.1"), launched.onExit());

        launched.signal(signal);

        final int code = launched.end();
        JobLauncherTest.assertGone(folder.resolve("pid.0"));
        JobLauncherTest.assertGone(folder.resolve("pid.1"));
        assertFalse(
                Files.exists(Path.of(Files.readString(folder.resolve("name.0")).strip())));
        return code;
    }
}
