package io.signvote.examples.basics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of small programs shows the programs as they are, and each prints what the page says. */
@Tag("system")
class BasicsTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root"));
    private static final Path SOURCES = ROOT.resolve("examples/src/main/java/io/signvote/examples/basics");
    private static final String PACKAGE = BasicsTest.class.getPackageName();
    private static final String ON_A_GPU = "GpuVote";

    private static final int LINES_MAX = 80;
    private static final long DEADLINE_S = 50;

    /** A section of the page: the program, its command, and its output. */
    private static final Pattern SECTION =
            Pattern.compile("```java\n(.*?)```.*?```sh\n(.*?)```.*?```text\n(.*?)```", Pattern.DOTALL);

    private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);
    private static final Pattern RANKS = Pattern.compile("run -np (\\d+) ");
    private static final Pattern PREFIX = Pattern.compile("\\[(\\d+)\\] (.*)");

    @TempDir
    private Path folder;

    /** A program as the page shows it. */
    private record Sample(String code, String command, List<String> output) {
        static Sample of(final MatchResult section) {
            return new Sample(
                    section.group(1), section.group(2), section.group(3).lines().toList());
        }

        String name() {
            final Matcher name = CLASS.matcher(code);
            assertTrue(name.find(), code);
            return name.group(1);
        }

        /** {@return ranks that a launcher starts, 0 if the program starts without one} */
        int ranks() {
            final Matcher ranks = RANKS.matcher(command);
            return ranks.find() ? Integer.parseInt(ranks.group(1)) : 0;
        }

        /** {@return lines of a rank, without the number that the launcher puts before each} */
        List<String> outputOf(final int rank) {
            return ranks() == 0
                    ? output
                    : output.stream()
                            .map(PREFIX::matcher)
                            .filter(line -> line.matches() && Integer.parseInt(line.group(1)) == rank)
                            .map(line -> line.group(2))
                            .toList();
        }
    }

    static Map<String, Sample> samples() throws IOException {
        final Map<String, Sample> samples = new TreeMap<>();
        SECTION.matcher(Files.readString(ROOT.resolve("examples/BASICS.md")))
                .results()
                .map(Sample::of)
                .forEach(sample -> samples.put(sample.name(), sample));
        return samples;
    }

    static List<String> programs() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            return sources.map(source -> source.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .sorted()
                    .toList();
        }
    }

    static List<String> programsWithoutGpu() throws IOException {
        return programs().stream().filter(name -> !name.equals(ON_A_GPU)).toList();
    }

    @Test
    void shouldShowEveryProgram() throws IOException {
        assertEquals(programs(), List.copyOf(samples().keySet()));
        assertTrue(programs().contains(ON_A_GPU), programs()::toString);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldShowTheProgramAsItIs(final String name) throws IOException {
        final String code = Files.readString(SOURCES.resolve(name + ".java"));
        final Sample sample = samples().get(name);

        assertEquals(code, "package " + PACKAGE + ";\n\n" + sample.code());
        assertTrue(sample.command().contains("$basics/" + name + ".java"), sample.command());
        assertTrue(
                code.lines().count() <= LINES_MAX, name + " has " + code.lines().count() + " lines");
    }

    @ParameterizedTest
    @MethodSource("programsWithoutGpu")
    void shouldPrintWhatThePageSays(final String name) throws Exception {
        assertPrints(samples().get(name), Map.of());
    }

    @Test
    @Tag("gpu")
    void shouldVoteOnAGpu() throws Exception {
        final String path = System.getenv("LD_LIBRARY_PATH");
        assertPrints(samples().get(ON_A_GPU), path == null ? Map.of() : Map.of("LD_LIBRARY_PATH", path));
    }

    @Test
    void shouldSayWhatIsMissingWithoutAGpu() throws Exception {
        final Path errors = folder.resolve("errors");
        final Process process = start(ON_A_GPU, Map.of("CUDA_VISIBLE_DEVICES", "-1"), folder.resolve("output"), errors);

        assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), "still running");
        final String text = Files.readString(errors);
        assertEquals(1, process.exitValue(), text);
        assertTrue(text.contains("GpuVote needs an NVIDIA GPU of compute capability 7.5 or later, driver 580"), text);
    }

    private void assertPrints(final Sample sample, final Map<String, String> variables) throws Exception {
        final int ranks = Math.max(1, sample.ranks());
        final Map<String, String> all = new HashMap<>(variables);
        all.put("WORLD_SIZE", Integer.toString(ranks));
        all.put("LOCAL_WORLD_SIZE", Integer.toString(ranks));
        all.put("MASTER_PORT", Integer.toString(freePort()));
        final List<Process> processes = new ArrayList<>();
        try {
            for (int rank = 0; rank < ranks; rank++) {
                all.put("RANK", Integer.toString(rank));
                all.put("LOCAL_RANK", Integer.toString(rank));
                processes.add(start(sample.name(), all, output(rank), errors(rank)));
            }
            for (final Process process : processes) {
                assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), "still running");
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }

        for (int rank = 0; rank < ranks; rank++) {
            assertEquals(0, processes.get(rank).exitValue(), text(errors(rank)));
            assertEquals(sample.outputOf(rank), Files.readAllLines(output(rank)), text(errors(rank)));
        }
    }

    private Path output(final int rank) {
        return folder.resolve("output" + rank);
    }

    private Path errors(final int rank) {
        return folder.resolve("errors" + rank);
    }

    private static String text(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process start(
            final String name, final Map<String, String> variables, final Path output, final Path errors)
            throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("java/jvm.options").toAbsolutePath(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path")));
        final String module = System.getProperty("signvote.cuda.module", "");
        if (!module.isEmpty()) {
            command.add("-Dsignvote.cuda.module=" + module);
        }
        command.add(PACKAGE + "." + name);
        final ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().remove("LD_LIBRARY_PATH");
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }
}
