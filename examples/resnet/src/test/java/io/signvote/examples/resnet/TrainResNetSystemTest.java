package io.signvote.examples.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
import org.junit.jupiter.params.provider.CsvSource;
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
        final String help = output(0, ROOT.resolve("examples/train-resnet").toString(), "--help");
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

    /** Each of them would otherwise fail in every rank once all have met. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data nowhere | --data nowhere: java.nio.file.NoSuchFileException: nowhere/train-images-idx3-ubyte.gz",
                "--rate -1 | --rate -1, expected a finite number of at least 0",
                "--rate NaN | --rate NaN, expected a finite number of at least 0",
                "--limit 1 | --limit 1 of DATA gives each of 2 ranks 0 training images, and 0 test images",
                "--limit 120 --batch 31 | each of 2 ranks 60 training images, and 30 test images, expected at least --batch 31"
            })
    void shouldRefuseWhatCannotTrainBeforeAnyRankIsMet(final String options, final String fact) throws Exception {
        final String data = ROOT.resolve("examples/data").toString();
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("java/jvm.options"),
                "-cp",
                System.getProperty("java.class.path"),
                // a rank that went on would wait here for the other
                "-Dsignvote.join.timeout=3s",
                "-Dsignvote.rank=1",
                "-Dsignvote.world.size=2",
                "-Dsignvote.master.port=1",
                TrainResNet.class.getName(),
                "--data",
                data));
        command.addAll(List.of(options.split(" ")));

        final String output = output(2, command.toArray(String[]::new));

        assertTrue(output.startsWith("train-resnet: "), output);
        assertTrue(output.contains(fact.replace("DATA", data)), output);
        assertEquals(1, output.lines().count(), output);
    }

    /** The launcher's jar and the ranks' must hold one library: they compare its identity. */
    @Test
    void shouldBuildWhereLauncherAndRanksWouldHaveTwoLibraries(@TempDir final Path tree) throws Exception {
        final long now = System.currentTimeMillis();
        for (final String file : List.of(
                "pom.xml",
                "java/core/pom.xml",
                "java/tools/pom.xml",
                "java/djl/pom.xml",
                "examples/resnet/pom.xml",
                "native/pom.xml",
                "examples/pom.xml",
                "examples/src/Old.java")) {
            write(tree, file, now - 200_000);
        }
        for (final String jar : List.of(
                "java/djl/target/signvote-djl-0.1.0-SNAPSHOT.jar",
                "examples/resnet/target/signvote-examples-resnet-0.1.0-SNAPSHOT.jar",
                "examples/resnet/target/classpath",
                "java/tools/target/signvote.jar",
                "examples/target/signvote-examples-0.1.0-SNAPSHOT.jar",
                "java/core/target/signvote-0.1.0-SNAPSHOT.jar",
                "examples/target/lib/signvote-0.1.0-SNAPSHOT.jar")) {
            write(tree, jar, now - 100_000);
        }
        for (final String script : List.of("examples/train-resnet", "examples/build")) {
            Files.copy(ROOT.resolve(script), tree.resolve(script));
        }
        for (final String program : List.of("bin/mvn", "bin/java")) {
            Files.writeString(write(tree, program, now), "#!/bin/sh\necho called ${0##*/} \"$*\"\n");
            assertTrue(tree.resolve(program).toFile().setExecutable(true));
        }
        final String[] script = {
            "env",
            "-u",
            "JAVA_HOME",
            "PATH=" + tree.resolve("bin") + ":" + System.getenv("PATH"),
            tree.resolve("examples/train-resnet").toString()
        };
        assertFalse(output(0, script).contains("called mvn"), "all was built");

        // as mvn package -pl java/core leaves it
        write(tree, "java/core/target/signvote-0.1.0-SNAPSHOT.jar", now);

        final String output = output(0, script);
        assertTrue(output.contains("building"), output);
        assertTrue(Files.readString(tree.resolve("target/build.log")).contains("java/djl,examples/resnet"), output);
    }

    private static Path write(final Path tree, final String name, final long timeMs) throws IOException {
        final Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.fromMillis(timeMs));
        return file;
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
                "@" + ROOT.resolve("java/jvm.options"),
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
