package io.signvote.examples.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts the program itself, in a process of its own. */
class InterruptionTest {
    private static final long TIMEOUT_S = 50;

    @TempDir
    private Path directory;

    @Test
    void shouldKeepWhatIsFinishedAndSayHowToGoOn() throws Exception {
        final Path out = directory.resolve("paper");
        final Path err = directory.resolve("err");
        // a test run in the background ignores SIGINT, and all that it starts would
        final Process process = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Paper.class.getName(),
                        "figure",
                        "1",
                        "--out",
                        out.toString(),
                        "--shipped",
                        PaperTest.SHIPPED.toString())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(err.toFile())
                .start();
        try {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
            while (finished(out) == 0 && process.isAlive() && System.nanoTime() < deadlineNs) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
            assertTrue(process.isAlive(), () -> read(err));
            assertEquals(
                    0,
                    new ProcessBuilder("/bin/sh", "-c", "kill -s INT " + process.pid())
                            .start()
                            .waitFor());

            assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS), "still running");
        } finally {
            process.destroyForcibly();
        }

        assertEquals(Interruption.EXIT_CODE, process.exitValue(), () -> read(err));
        // later Java machines warn of native libraries first
        assertEquals(
                "\npaper: interrupted; finished runs are kept in " + out.resolve("runs")
                        + ", the same command goes on from them\n",
                read(err).replaceFirst("^(WARNING: .*\n)+\n", ""));
        assertTrue(finished(out) > 0);
    }

    private static long finished(final Path out) throws IOException {
        if (!Files.isDirectory(out.resolve("runs"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(out.resolve("runs"))) {
            return files.filter(file -> file.toString().endsWith(".csv")).count();
        }
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
