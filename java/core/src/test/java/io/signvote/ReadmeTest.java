package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a newcomer copies from the pages of the project, and where their links lead. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", "../.."));
    private static final Pattern SAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("class (\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:)([^)#]+)\\)");

    private static final Pattern VERSION = Pattern.compile("<version>(.*)</version>");

    static Stream<Path> pages() {
        return Stream.of(
                ROOT.resolve("README.md"),
                ROOT.resolve("examples/README.md"),
                ROOT.resolve("java/DECISIONS.md"),
                ROOT.resolve("java/LAUNCHERS.md"),
                ROOT.resolve("java/djl/README.md"),
                ROOT.resolve("java/core/src/main/resources/io/signvote/wire/README.md"),
                ROOT.resolve("java/core/src/main/resources/io/signvote/rendezvous/README.md"));
    }

    @Test
    void shouldCompileEverySample(@TempDir final Path directory) throws IOException {
        final List<String> samples = SAMPLE.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(sample -> sample.group(1))
                .toList();

        assertTrue(!samples.isEmpty(), "no sample found");
        for (final String sample : samples) {
            final String name = CLASS.matcher(sample)
                    .results()
                    .findFirst()
                    .map(match -> match.group(1))
                    .orElseThrow();
            final Path source = Files.writeString(directory.resolve(name + ".java"), sample);
            assertEquals("", complaints(source));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLinkOnlyToFilesThatAreThere(final Path page) throws IOException {
        final Path folder = page.toAbsolutePath().getParent();

        final List<String> broken = LINK.matcher(Files.readString(page))
                .results()
                .map((final MatchResult link) -> link.group(1))
                .filter(target -> !Files.exists(folder.resolve(target)))
                .toList();

        assertEquals(List.of(), broken);
    }

    /** A sample that is copied into a program must not hide a class that the program imports. */
    @Test
    void shouldNameNoSampleAsALibraryClassIs() throws IOException {
        final Set<String> names;
        try (Stream<Path> sources = Files.walk(ROOT.resolve("java/core/src/main/java"))) {
            names = sources.map(source -> source.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        final List<String> samples = SAMPLE.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(sample -> sample.group(1))
                .flatMap(sample -> CLASS.matcher(sample).results().map(match -> match.group(1)))
                .toList();

        assertTrue(names.contains("Communicator") && !samples.isEmpty());
        assertEquals(List.of(), samples.stream().filter(names::contains).toList());
    }

    @Test
    void shouldGiveTheCoordinatesOfTheBuildBeforeTheFirstCommand() throws IOException {
        final String page = Files.readString(ROOT.resolve("README.md"));
        final String version = VERSION.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .findFirst()
                .map(match -> match.group(1))
                .orElseThrow();
        final int coordinates = page.indexOf("<groupId>io.signvote</groupId>");

        assertTrue(coordinates > 0 && coordinates < page.indexOf("## Two commands"), "at " + coordinates);
        assertEquals(
                "<artifactId>signvote</artifactId> <version>" + version + "</version>",
                page.substring(coordinates)
                        .lines()
                        .skip(1)
                        .limit(2)
                        .map(String::strip)
                        .collect(Collectors.joining(" ")));
    }

    private static String complaints(final Path source) {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter complaints = new StringWriter();
        final boolean isCompiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-Xlint:all,-path",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                source.getParent().toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        return isCompiled ? complaints.toString() : complaints + " does not compile";
    }
}
