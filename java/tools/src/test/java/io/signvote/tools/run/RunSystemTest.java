package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.tools.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process of its own: what it tells its ranks, what a signal to it does, and what it leaves behind. */
@Tag("system")
class RunSystemTest {
    private static final long TIMEOUT_S = 50;

    @TempDir
    private Path folder;

    private Process launcher;

    @AfterEach
    void endLauncher() {
        if (launcher != null) {
            launcher.descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly();
        }
    }

    @Test
    void shouldTellEachRankWhoItIs() throws Exception {
        launch(
                "run",
                "-np",
                "3",
                "--",
                "/bin/sh",
                "-c",
                "echo $RANK $LOCAL_RANK $WORLD_SIZE $LOCAL_WORLD_SIZE $MASTER_ADDR $SIGNVOTE_COORDINATOR"
                        + " $(stat -c %a $SIGNVOTE_SECRET_FILE) port=$MASTER_PORT file=$SIGNVOTE_SECRET_FILE");

        assertEquals(0, end(), this::output);
        final List<String> lines =
                Files.readAllLines(folder.resolve("out")).stream().sorted().toList();
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
        launch("run", "-np", "2", "--", "/bin/sh", "-c", "if [ $RANK = 1 ]; then exit 42; fi; sleep 300");

        assertEquals(42, end(), this::output);
        assertTrue(output().contains("rank 1 ended with code 42"), output());
    }

    @Test
    void shouldPassTermOnAndLeaveNothing() throws Exception {
        assertEquals(128 + 15, signalled("TERM"), this::output);
        assertTrue(output().contains("[0] saw TERM"), output());
    }

    @Test
    void shouldPassIntOnAndLeaveNothing() throws Exception {
        assertEquals(128 + 2, signalled("INT"), this::output);
        assertTrue(output().contains("[0] saw INT"), output());
    }

    @Test
    void shouldHoldThePortItWasGiven() throws Exception {
        launch("run", "-np", "1", "--port", "1", "--", "true");
        final int code = end();

        // root may listen there, others may not; both say so plainly
        assertTrue(code == 0 || output().contains("RendezvousException: cannot listen on"), this::output);
    }

    @Test
    void shouldPassARawRankOnAsItComes() throws Exception {
        launch("run", "-np", "2", "--raw", "0", "--", "/bin/sh", "-c", "printf '1 %%\\r2 %%\\n'");

        assertEquals(0, end(), this::output);
        final String out = Files.readString(folder.resolve("out"));
        assertTrue(out.contains("1 %\r2 %\n"), out);
        assertTrue(out.contains("[1] 2 %\n"), out);
    }

    private int signalled(final String signal) throws Exception {
        launch(
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
        JobTest.awaitFile(folder.resolve("ready.0"), launcher.onExit());
        JobTest.awaitFile(folder.resolve("ready.1"), launcher.onExit());

        assertTrue(new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + launcher.pid())
                .start()
                .waitFor(TIMEOUT_S, TimeUnit.SECONDS));

        final int code = end();
        JobTest.assertGone(folder.resolve("pid.0"));
        JobTest.assertGone(folder.resolve("pid.1"));
        assertFalse(
                Files.exists(Path.of(Files.readString(folder.resolve("name.0")).strip())));
        return code;
    }

    private void launch(final String... args) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        launcher = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private int end() throws InterruptedException, IOException {
        assertTrue(launcher.waitFor(TIMEOUT_S, TimeUnit.SECONDS), this::output);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.toString().endsWith(".secret")).toList());
        }
        return launcher.exitValue();
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("out")) + Files.readString(folder.resolve("err"));
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
