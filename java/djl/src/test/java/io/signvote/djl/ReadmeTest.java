package io.signvote.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample that a user copies. */
class ReadmeTest {
    private static final Path PAGE = Path.of(System.getProperty("signvote.root", "../.."), "java/djl/README.md");

    @Test
    void shouldCompileTheSample(@TempDir final Path directory) throws IOException {
        final Matcher sample =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertTrue(sample.find(), "no sample in " + PAGE);
        final Path source = Files.writeString(directory.resolve("Rank.java"), sample.group(1));
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter complaints = new StringWriter();

        compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-Xlint:all,-path",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                directory.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();

        assertEquals("", complaints.toString());
    }
}
