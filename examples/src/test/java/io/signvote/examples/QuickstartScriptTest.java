package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code examples/quickstart} answers before it builds or starts anything. */
class QuickstartScriptTest {
    private static final Path SCRIPT = Path.of(System.getProperty("signvote.root"), "examples", "quickstart")
            .toAbsolutePath();

    private static final long CHANGED = 1_000_000_000;
    private static final long BUILT = 1_000_000_100;
    private static final long NOW = 1_000_000_200;

    @TempDir
    private Path elsewhere;

    private String output;

    @ParameterizedTest
    @ValueSource(strings = {"0", "256", "-1", "x", "4.5", "", "1000000000000", "4 4"})
    void shouldRefuseANumberOfProcessesThatIsNone(final String number) throws Exception {
        assertEquals(2, run("-np", number));
        assertEquals("quickstart: -np " + number + " is not a number of processes from 1 to 255\n", output);
    }

    @Test
    void shouldAskForTheNumberThatIsMissing() throws Exception {
        assertEquals(2, run("--seed", "3", "-np"));
        assertTrue(output.contains("-np needs a number of processes"), output);
    }

    @Test
    void shouldExplainItself() throws Exception {
        assertEquals(0, run("--help"));
        assertTrue(output.startsWith("usage: examples/quickstart [-np N]"), output);
    }

    /** By a plain mvn package, which leaves no stamp of the script's. */
    @Test
    void shouldNotBuildWhatMavenHasBuilt() throws Exception {
        makeTree();
        assertEquals("", build());

        write("java/core/src/main/java/New.java", "", NOW);
        assertTrue(build().contains("mvn -B -ntp package -DskipTests -pl java/tools,examples -am"), output);
        assertEquals("", build());
    }

    @Test
    void shouldBuildWhereLauncherAndRanksWouldHaveTwoLibraries() throws Exception {
        makeTree();
        write("examples/target/lib/signvote-0.1.0-SNAPSHOT.jar", "another", BUILT);

        assertTrue(build().contains("mvn "), output);
    }

    private void makeTree() throws IOException {
        for (final String source : List.of(
                "pom.xml",
                "native/CMakeLists.txt",
                "java/core/pom.xml",
                "java/tools/pom.xml",
                "java/djl/pom.xml",
                "examples/pom.xml",
                "examples/src/main/java/Old.java")) {
            write(source, "", CHANGED);
        }
        for (final String built : List.of(
                "java/core/target/signvote-0.1.0-SNAPSHOT.jar",
                "java/tools/target/signvote.jar",
                "examples/target/signvote-examples-0.1.0-SNAPSHOT.jar",
                "examples/target/lib/signvote-0.1.0-SNAPSHOT.jar")) {
            write(built, "", BUILT);
        }
        Files.copy(SCRIPT.resolveSibling("build"), elsewhere.resolve("examples/build"));
        write("bin/mvn", "#!/bin/sh\necho \"mvn $*\" >> called\n", CHANGED);
        assertTrue(elsewhere.resolve("bin/mvn").toFile().setExecutable(true));
    }

    private void write(final String name, final String text, final long seconds) throws IOException {
        final Path file = elsewhere.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(seconds, TimeUnit.SECONDS));
    }

    /** What the script asks of Maven. */
    private String build() throws Exception {
        Files.deleteIfExists(elsewhere.resolve("called"));
        final ProcessBuilder builder = new ProcessBuilder(
                        "bash", "-c", "set -euo pipefail; . examples/build test; build")
                .directory(elsewhere.toFile())
                .redirectErrorStream(true);
        builder.environment().merge("PATH", elsewhere.resolve("bin") + ":", (old, bin) -> bin + old);
        final Process process = builder.start();
        try {
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still running");
            assertEquals(0, process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
        output += Files.exists(elsewhere.resolve("called")) ? Files.readString(elsewhere.resolve("called")) : "";
        return output;
    }

    private int run(final String... options) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(options));
        final Process process = new ProcessBuilder(command)
                .directory(elsewhere.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still running");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
