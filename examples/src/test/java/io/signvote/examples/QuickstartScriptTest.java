package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code examples/quickstart} answers before it builds or starts anything. */
class QuickstartScriptTest {
    private static final Path SCRIPT = Path.of(System.getProperty("signvote.root"), "examples", "quickstart").toAbsolutePath();

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
