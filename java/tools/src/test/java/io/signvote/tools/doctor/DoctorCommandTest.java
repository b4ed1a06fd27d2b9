package io.signvote.tools.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", "../.."));

    @Test
    void shouldPrintTheJvmFlagsOfThePages() throws Exception {
        assertEquals(Files.readString(ROOT.resolve("java/jvm.options")), jvmOptions());
    }

    @Test
    void shouldPrintAFileThatJavaTakes(@TempDir final Path directory) throws Exception {
        final Path file = Files.writeString(directory.resolve("jvm.options"), jvmOptions());
        final Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file, "-version")
                .redirectErrorStream(true)
                .start();
        final String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, java.waitFor(), output);
    }

    private static String jvmOptions() {
        final StringWriter out = new StringWriter();
        final int code = new CommandLine(DoctorCommand.class)
                .setOut(new PrintWriter(out))
                .execute("--jvm-options");
        assertEquals(CommandLine.ExitCode.OK, code);
        return out.toString();
    }
}
