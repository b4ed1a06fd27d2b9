package io.signvote.djl.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks as processes, over Aeron. DJL's identifiers of parameters differ between them, and with these the order of its maps. */
@Tag("system")
class TrainResNetSystemTest {
    private static final int RANKS = 2;
    private static final long DEADLINE_S = 100;
    private static final Pattern EPOCH = Pattern.compile("epoch \\d loss (\\S+) accuracy (\\S+)");
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", "../.."));
    private static final List<String> PASSED_ON = List.of(
            "ai.djl.offline",
            "OPT_OUT_TRACKING",
            "ENGINE_CACHE_DIR",
            "ai.djl.pytorch.num_threads",
            "ai.djl.pytorch.num_interop_threads",
            "slf4j.internal.verbosity",
            "java.io.tmpdir");

    @ParameterizedTest
    @ValueSource(strings = {"vote", "average"})
    void shouldLearnAndEndWithTheSameParametersInEveryProcess(final String by, @TempDir final Path outputs)
            throws Exception {
        final String port = Integer.toString(freePort());
        final List<Process> ranks = new ArrayList<>();
        try {
            for (int rank = 0; rank < RANKS; rank++) {
                ranks.add(start(rank, port, by, outputs.resolve("rank" + rank).toFile()));
            }
            for (final Process rank : ranks) {
                assertTrue(rank.waitFor(DEADLINE_S, TimeUnit.SECONDS), "a rank did not end");
            }
        } finally {
            ranks.forEach(Process::destroyForcibly);
        }

        final String first = Files.readString(outputs.resolve("rank0"));
        final String second = Files.readString(outputs.resolve("rank1"));
        for (final Process rank : ranks) {
            assertEquals(0, rank.exitValue(), first + second);
        }
        assertEquals(parameters(first), parameters(second));
        assertTrue(
                first.contains("train-resnet: 2 ranks, ResNet-18 of 16 channels by " + by + ", on the CPU; 256 images"),
                first);
        assertTrue(
                Pattern.compile("batch 1 of each rank, \\S+ s, sent \\S+ bytes")
                        .matcher(first)
                        .find(),
                first);
        final List<Float> losses = EPOCH.matcher(first)
                .results()
                .map(line -> Float.parseFloat(line.group(1)))
                .toList();
        assertEquals(2, losses.size(), first);
        assertTrue(losses.get(1) < losses.get(0), first);
    }

    @Test
    void shouldPrintHelpAndRefuseOptionsWithoutAStackTrace() throws Exception {
        final String help = output(0, ROOT.resolve("java/djl/train-resnet").toString(), "--help");
        assertTrue(help.startsWith("usage: train-resnet [-np N] [OPTION...]"), help);
        assertTrue(help.contains("  --limit N  "), help);
        final String java =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final String[] program = {java, "-cp", System.getProperty("java.class.path"), TrainResNet.class.getName()};
        assertEquals(help, output(0, with(program, "--help")));
        assertEquals(
                "train-resnet: --epochs none, expected a number" + System.lineSeparator(),
                output(2, with(program, "--epochs", "none")));
        assertTrue(output(2, with(program, "--what")).startsWith("train-resnet: --what is unknown or lacks a value"));
    }

    private static String[] with(final String[] program, final String... options) {
        return Stream.concat(Stream.of(program), Stream.of(options)).toArray(String[]::new);
    }

    private static String output(final int code, final String... command) throws Exception {
        final Path file = Files.createTempFile("train-resnet", ".txt");
        try {
            final Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile())
                    .start();
            assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), "it did not end");
            final String output = Files.readString(file);
            assertEquals(code, process.exitValue(), output);
            return output;
        } finally {
            Files.delete(file);
        }
    }

    private static Process start(final int rank, final String port, final String by, final File output)
            throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("ci/jvm.options"),
                "-ea",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dsignvote.timeout=90s"));
        PASSED_ON.forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainResNet.class.getName()));
        command.addAll(List.of("--data", ROOT.resolve("examples/data").toString(), "--by", by, "--rate"));
        command.addAll(List.of(by.equals("vote") ? "0.003" : "0.02", "--epochs", "2"));
        command.addAll(List.of("--limit", "256", "--batch", "16"));
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "RANK",
                        Integer.toString(rank),
                        "WORLD_SIZE",
                        Integer.toString(RANKS),
                        "MASTER_ADDR",
                        "127.0.0.1",
                        "MASTER_PORT",
                        port,
                        "OMP_NUM_THREADS",
                        "1"));
        return builder.redirectErrorStream(true).redirectOutput(output).start();
    }

    private static String parameters(final String output) {
        final Matcher line = Pattern.compile("parameters (\\S+)").matcher(output);
        assertTrue(line.find(), output);
        return line.group(1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
