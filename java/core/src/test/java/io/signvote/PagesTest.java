package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples, commands, links and coordinates of every page of the project. */
class PagesTest {
    private static final Path ROOT = Path.of(System.getProperty("signvote.root", "../.."));

    private static final int README_LINES_MAX = 160;
    private static final int README_LENGTH_MAX = 12 * 1024;
    private static final int README_COLUMNS_MAX = 120;

    /** Languages of fenced blocks. Only blocks of {@code sh} hold commands. */
    private static final Set<String> LANGUAGES = Set.of("sh", "java", "xml", "yaml", "python", "text");

    /** A line of a block that is not {@code sh}, which a reader would take for a command. */
    private static final Pattern COMMAND = Pattern.compile(
            "\\s*(\\$ )?(java|mvn|cmake|ctest|cd|git|apt-get|mpirun|mpiexec\\S*|srun|torchrun|export|ci/\\S+|examples/\\S+) .*");

    private static final Pattern CLASS = Pattern.compile("class (\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern NOT_RUN = Pattern.compile("\\*[Nn]ot run here");
    private static final Pattern VERSION = Pattern.compile("<version>(.*)</version>");
    private static final Pattern COORDINATES =
            Pattern.compile("<artifactId>signvote</artifactId>\\s*<version>(.*)</version>");

    /** A fenced block: the number of the line of its fence, its language, the paragraph before it, and its text. */
    private record Block(int line, String language, String lead, String text) {}

    static List<Path> pages() throws IOException {
        final List<Path> pages = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(final Path folder, final BasicFileAttributes attributes) {
                final boolean isOurs = !folder.endsWith("target") && !folder.endsWith(".git");
                return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    pages.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages.stream().sorted().toList();
    }

    @Test
    void shouldKeepReadmeShort() throws IOException {
        final String page = Files.readString(ROOT.resolve("README.md"));

        assertTrue(
                page.lines().count() <= README_LINES_MAX,
                "lines=" + page.lines().count());
        assertTrue(page.length() <= README_LENGTH_MAX, "length=" + page.length());
        assertEquals(
                List.of(),
                page.lines().filter(line -> line.length() > README_COLUMNS_MAX).toList());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldCompileEverySample(final Path page, @TempDir final Path directory) throws IOException {
        for (final String sample : samples(page)) {
            final String name = classes(sample).get(0);
            final Path source = Files.writeString(directory.resolve(name + ".java"), sample);

            assertEquals("", complaints(source), page + ": " + name);
        }
    }

    /** A sample that is copied into a program must not hide a class that the program imports. */
    @Test
    void shouldNameNoSampleAsALibraryClassIs() throws IOException {
        final Set<String> names;
        try (Stream<Path> sources = Files.walk(ROOT.resolve("java/core/src/main/java"))) {
            names = sources.map(source -> source.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        final List<String> samples = new ArrayList<>();
        for (final Path page : pages()) {
            samples(page).forEach(sample -> samples.addAll(classes(sample)));
        }

        assertTrue(names.contains("Communicator") && samples.contains("Vote"), samples::toString);
        assertEquals(List.of(), samples.stream().filter(names::contains).toList());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldMarkCommandsAsSuch(final Path page) throws IOException {
        for (final Block block : blocks(page)) {
            final String place = page + ":" + block.line();
            assertTrue(LANGUAGES.contains(block.language()), place + ": language " + block.language());
            if (block.language().equals("text")) {
                assertEquals(
                        List.of(),
                        block.text()
                                .lines()
                                .filter(line -> COMMAND.matcher(line).matches())
                                .toList(),
                        place + ": commands need the language sh");
            }
        }
    }

    /** The script that runs the commands must know every block of every page. */
    @Test
    void shouldRunEveryCommandOrSayThatItIsNotRun(@TempDir final Path directory) throws Exception {
        final List<String> expected = new ArrayList<>();
        for (final Path page : pages()) {
            for (final Block block : blocks(page)) {
                if (block.language().equals("sh")) {
                    final boolean isMarked = NOT_RUN.matcher(block.lead()).find();
                    expected.add(
                            ROOT.relativize(page) + ":" + block.line() + (isMarked ? " is not run here" : " runs"));
                }
            }
        }
        final Path output = directory.resolve("output");
        final Process process = new ProcessBuilder("bash", "ci/check-pages", "--list")
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertEquals(0, process.waitFor(), () -> "ci/check-pages --list: " + text(output));
        assertEquals(
                expected.stream().sorted().toList(),
                text(output)
                        .lines()
                        .map(line -> line.replaceFirst(": .*", ""))
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLinkOnlyToFilesAndHeadingsThatAreThere(final Path page) throws IOException {
        final Path folder = page.toAbsolutePath().getParent();

        final List<String> broken = LINK.matcher(Files.readString(page))
                .results()
                .filter(link -> {
                    final Path target = link.group(1).isEmpty() ? page : folder.resolve(link.group(1));
                    return !Files.exists(target)
                            || link.group(2) != null && !anchors(target).contains(link.group(2));
                })
                .map(link -> link.group())
                .toList();

        assertEquals(List.of(), broken);
    }

    @Test
    void shouldListEveryScript() throws IOException {
        final String page = Files.readString(ROOT.resolve("ci/README.md"));
        final List<String> scripts;
        try (Stream<Path> files = Files.walk(ROOT.resolve("ci"))) {
            scripts = files.filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                    .map(file -> ROOT.relativize(file).toString())
                    .toList();
        }

        assertTrue(scripts.containsAll(List.of("ci/testbed", "ci/bench/peers")), scripts::toString);
        assertEquals(
                List.of(),
                scripts.stream()
                        .filter(script -> !page.contains("`" + script + "`") && !page.contains("`" + script + " "))
                        .toList());
    }

    @Test
    void shouldGiveTheCoordinatesOfTheBuildBeforeTheFirstCommand() throws IOException {
        final String page = Files.readString(ROOT.resolve("README.md"));
        final int coordinates = page.indexOf("<groupId>io.signvote</groupId>");

        assertTrue(coordinates > 0 && coordinates < page.indexOf("## Two commands"), "at " + coordinates);
        assertTrue(page.substring(0, coordinates).lines().count() <= 25, "the coordinates are below the first screen");
    }

    @Test
    void shouldGiveTheVersionOfTheBuild() throws IOException {
        final String version = VERSION.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .findFirst()
                .map(match -> match.group(1))
                .orElseThrow();
        final List<String> given = new ArrayList<>();
        for (final Path page : pages()) {
            COORDINATES.matcher(Files.readString(page)).results().forEach(match -> given.add(match.group(1)));
        }

        assertTrue(given.size() >= 2, "README.md and java/README.md have coordinates");
        assertEquals(
                List.of(), given.stream().filter(each -> !each.equals(version)).toList());
    }

    /** Samples that need no library but ours; those for DJL are compiled in its module. */
    private static List<String> samples(final Path page) throws IOException {
        return blocks(page).stream()
                .filter(block ->
                        block.language().equals("java") && !block.text().contains("import ai.djl."))
                .map(Block::text)
                .toList();
    }

    private static List<String> classes(final String sample) {
        return CLASS.matcher(sample).results().map(match -> match.group(1)).toList();
    }

    private static List<Block> blocks(final Path page) throws IOException {
        final List<Block> blocks = new ArrayList<>();
        final StringBuilder lead = new StringBuilder();
        final StringBuilder text = new StringBuilder();
        String language = null;
        boolean isBlank = false;
        int line = 0;
        int fence = 0;
        for (final String each : Files.readAllLines(page)) {
            line++;
            if (each.strip().startsWith("```")) {
                if (language == null) {
                    language = each.strip().substring(3);
                    fence = line;
                    text.setLength(0);
                } else {
                    blocks.add(new Block(fence, language, lead.toString(), text.toString()));
                    language = null;
                    lead.setLength(0);
                }
            } else if (language != null) {
                text.append(each).append('\n');
            } else if (each.isEmpty()) {
                isBlank = true;
            } else {
                if (isBlank) {
                    lead.setLength(0);
                }
                isBlank = false;
                lead.append(' ').append(each);
            }
        }
        assertEquals(null, language, page + ":" + fence + ": a block without an end");
        return blocks;
    }

    /** Anchors as GitHub makes them from headings. */
    private static Set<String> anchors(final Path page) {
        return HEADING.matcher(text(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String text(final Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
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
