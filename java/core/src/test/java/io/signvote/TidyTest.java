package io.signvote;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The habits that no compiler checks, over every file that is under version control. */
class TidyTest {
    private static final Set<String> TOP_LEVEL =
            Set.of("pom.xml", "README.md", "native", "java", "jmh", "examples", "ci", "LICENSE");
    private static final int OPTIONS_MAX = 25;
    private static final int BINARY_LENGTH_MAX = 64 * 1024;
    private static final Pattern BLANK_TRAIL = Pattern.compile("[ \\r]$", Pattern.MULTILINE);
    private static final Pattern UNFINISHED = Pattern.compile("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b");
    private static final Pattern PLACEHOLDER = Pattern.compile("@@" + "\\w+@@");
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.})/-])/(work|root|home|Users)/\\w");
    private static final Pattern OPTION = Pattern.compile("\"(signvote\\.[a-z.]+)\"");

    /** Launchers give the first two, on the page of launchers. Tests set the third, to load an emulated driver's kernels. */
    private static final Set<String> NO_OPTIONS =
            Set.of("signvote.local.rank", "signvote.local.world.size", "signvote.cuda.module");

    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|c|cc|cpp|cu|cuh|h|hpp|py|sh|cmake)");
    private static final Pattern PACKAGE = Pattern.compile(".*/src/\\w+/java/(.+)/[^/]+\\.java");

    private static final int LINES_MAX = 400;

    /** Why a file of source code is longer than {@link #LINES_MAX} lines. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("Plan.java", "all plans beside each other, each in a few lines"),
            entry("Round.java", "all that a round is made of, in one place"),
            entry("make-vectors.py", "a second implementation of the page of the wire"),
            entry("Calls.java", "one protocol between owner, committer and submitters: the order of its writes counts"),
            entry("Context.java", "a getter and a setter for each option"),
            entry("Elements.java", "a factory with its javadoc for each form of memory"),
            entry("Communicator.java", "the javadoc of every call of a rank"),
            entry("DeviceCollectives.java", "the javadoc of every call on a device"),
            entry("Task.java", "the arguments of every call become one source and one sink"),
            entry("Signum.java", "the javadoc of every step, on floats, addresses and segments"),
            entry("CoordinatorLoop.java", "all that the thread of the coordinator owns"),
            entry("JobState.java", "one state machine: every event of a job"),
            entry("MemberLoop.java", "one state machine: every event of a member"),
            entry("client.py", "a second client of the control protocol, from its page alone"),
            entry("AeronNode.java", "a node opens, connects and closes: each part undoes another"),
            entry("CallsSchedule.java", "one simulation: its threads pass one baton"),
            entry("RetryTest.java", "a test for each pair of states that ranks may be in"),
            entry("WorkTest.java", "a test for each rule of asynchronous calls"),
            entry("CommunicatorTest.java", "a test for each call, and for each argument that it refuses"),
            entry("RefusalTest.java", "a test for each connection that a coordinator refuses"),
            entry("SequenceTest.java", "a test for each order in which jobs follow each other"),
            entry("ForgedFrameTest.java", "a test for each field of a frame"),
            entry("RunSystemTest.java", "a test for each way in which a launcher ends"));

    private static Path root;
    private static Map<String, byte[]> files;

    @BeforeAll
    static void readFiles() throws IOException, InterruptedException {
        root = Path.of(System.getProperty("signvote.root", "../..")).toRealPath();
        files = new TreeMap<>();
        for (final String file : Files.exists(root.resolve(".git")) ? trackedFiles() : allFiles()) {
            if (Files.isRegularFile(root.resolve(file))) {
                files.put(file, Files.readAllBytes(root.resolve(file)));
            }
        }
        assertTrue(files.containsKey("pom.xml"), "no pom.xml in " + root + ": signvote.root is not the project");
    }

    @Test
    void shouldKeepTopLevelToTheList() {
        assertNone(
                "not for the top level",
                files.keySet().stream()
                        .map(file -> file.split("/")[0])
                        .filter(name -> !name.startsWith(".") && !TOP_LEVEL.contains(name)));
    }

    @Test
    void shouldHoldNoTabs() {
        assertNone("tabs in", texts(text -> text.indexOf('\t') >= 0));
    }

    @Test
    void shouldEndEveryLineWithoutBlanksAndEveryFileWithNewline() {
        assertNone(
                "blanks or carriage returns at the end of a line of",
                texts(text -> BLANK_TRAIL.matcher(text).find()));
        assertNone("no newline at the end of", texts(text -> !text.isEmpty() && !text.endsWith("\n")));
    }

    @Test
    void shouldLeaveNothingUnfinished() {
        assertNone("unfinished", texts(text -> UNFINISHED.matcher(text).find()));
    }

    @Test
    void shouldLeaveNoPlaceholders() {
        assertNone(
                "a placeholder nobody has filled in, in",
                texts(text -> PLACEHOLDER.matcher(text).find()));
    }

    @Test
    void shouldNameNoPathsOfOneMachine() {
        assertNone(
                "a path that exists on one machine only, in",
                texts(text -> MACHINE_PATH.matcher(text).find()));
    }

    @Test
    void shouldCarryLargeBinariesOnlyBesideTheirLicence() {
        assertNone(
                "a binary over 64k in a folder without a LICENSE file",
                files.entrySet().stream()
                        .filter(file -> isBinary(file.getValue()) && file.getValue().length > BINARY_LENGTH_MAX)
                        .map(Map.Entry::getKey)
                        .filter(file -> files.keySet().stream()
                                .noneMatch(other -> other.startsWith(folderOf(file) + "LICENSE"))));
    }

    @Test
    void shouldDescribeEveryPackage() {
        final Set<String> described =
                packages(file -> file.endsWith("/package-info.java")).collect(Collectors.toSet());

        assertNone("no package-info.java for", packages(file -> true).filter(name -> !described.contains(name)));
    }

    /** An option is every name of a property that a main class holds. */
    @Test
    void shouldExplainEveryOption() {
        final String file = "java/CONFIGURATION.md";
        final String page = files.containsKey(file) ? text(files.get(file)) : "";
        final Set<String> options = files.keySet().stream()
                .filter(source ->
                        source.startsWith("java/") && source.contains("/src/main/") && source.endsWith(".java"))
                .flatMap(source -> OPTION.matcher(text(files.get(source))).results())
                .map(option -> option.group(1))
                .filter(name -> !NO_OPTIONS.contains(name))
                .collect(Collectors.toSet());

        assertNone("not in " + file, options.stream().filter(name -> !page.contains("| `" + name + "` |")));
        assertTrue(options.contains("signvote.plan"), options::toString);
        assertTrue(options.size() <= OPTIONS_MAX, "options=" + options.size() + " > " + OPTIONS_MAX + ", compute one");
    }

    /** A long file is a question. The table answers it. */
    @Test
    void shouldGiveAReasonForEveryLongFileAndForNoOther() {
        final List<String> longs = files.entrySet().stream()
                .filter(file -> SOURCE.matcher(file.getKey()).matches()
                        || text(file.getValue()).startsWith("#!"))
                .filter(file -> text(file.getValue()).lines().count() > LINES_MAX)
                .map(file -> file.getKey().substring(file.getKey().lastIndexOf('/') + 1))
                .sorted()
                .toList();

        assertEquals(REASONS.keySet().stream().sorted().toList(), longs);
    }

    @Test
    void shouldMakeEveryScriptExecutable() {
        assertNone(
                "starts with #! but is not executable",
                texts(text -> text.startsWith("#!")).filter(file -> !Files.isExecutable(root.resolve(file))));
    }

    private static void assertNone(final String complaint, final Stream<String> offenders) {
        assertEquals(List.of(), offenders.distinct().toList(), complaint);
    }

    private static Stream<String> texts(final Predicate<String> predicate) {
        return files.entrySet().stream()
                .filter(file -> !isBinary(file.getValue()) && predicate.test(text(file.getValue())))
                .map(Map.Entry::getKey);
    }

    private static Stream<String> packages(final Predicate<String> predicate) {
        return files.keySet().stream()
                .filter(predicate)
                .flatMap(file -> PACKAGE.matcher(file).results())
                .map(match -> match.group(1).replace('/', '.'));
    }

    private static String folderOf(final String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    private static String text(final byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static boolean isBinary(final byte[] content) {
        for (final byte value : content) {
            if (value == 0) {
                return true;
            }
        }
        return false;
    }

    private static List<String> trackedFiles() throws IOException, InterruptedException {
        final Process git;
        try {
            // whoever owns the checkout, and without quotes around unusual names
            git = new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "-z")
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (final IOException noGit) {
            return allFiles();
        }
        final String names = text(git.getInputStream().readAllBytes());
        assertEquals(0, git.waitFor(), "git ls-files failed in " + root);
        return List.of(names.split("\0"));
    }

    private static List<String> allFiles() throws IOException {
        final List<String> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root)) {
            walk.map(path -> root.relativize(path))
                    .filter(path -> Stream.of(".git", "target")
                            .noneMatch(name -> Stream.iterate(path, p -> p != null, Path::getParent)
                                    .anyMatch(p -> p.endsWith(name))))
                    .forEach(path -> found.add(path.toString()));
        }
        return found;
    }
}
