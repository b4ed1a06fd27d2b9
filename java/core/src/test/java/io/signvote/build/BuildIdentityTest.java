package io.signvote.build;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ci/build-identity} on small trees of the project's shape. */
class BuildIdentityTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("signvote.root", "../..")).resolve("ci/build-identity");

    @TempDir
    private Path directory;

    private Path tree;

    @BeforeEach
    void makeTree() throws Exception {
        tree = makeTree("tree");
    }

    @Test
    void shouldNameCommitVersionAndWireVersion() throws Exception {
        commit(tree);

        final Properties identity = identity(tree);

        assertEquals("1.2-SNAPSHOT", identity.getProperty("version"));
        assertEquals(run(tree, "git", "rev-parse", "HEAD").trim(), identity.getProperty("commit"));
        assertEquals("7", identity.getProperty("wire"));
        assertEquals("false", identity.getProperty("changed"));
    }

    @Test
    void shouldChangeWithACommitThatChangesNoSource() throws Exception {
        commit(tree);
        final Properties before = identity(tree);

        run(tree, "git", "commit", "-q", "--allow-empty", "-m", "empty");

        assertNotEquals(before.getProperty("commit"), identity(tree).getProperty("commit"));
        assertEquals(before.getProperty("sources"), identity(tree).getProperty("sources"));
    }

    @Test
    void shouldTellATreeThatIsChangedFromItsCommit() throws Exception {
        commit(tree);
        final Properties clean = identity(tree);
        Files.writeString(tree.resolve("README.md"), "no source of the library\n");
        assertEquals(clean, identity(tree));

        Files.writeString(tree.resolve("java/core/src/main/java/New.java"), "class New {}\n");

        final Properties changed = identity(tree);
        assertEquals("true", changed.getProperty("changed"));
        assertEquals(clean.getProperty("commit"), changed.getProperty("commit"));
        assertNotEquals(clean.getProperty("sources"), changed.getProperty("sources"));
        assertEquals(clean.getProperty("natives"), changed.getProperty("natives"));
        Files.writeString(tree.resolve("native/cpu/add.c"), "int a;\n");
        assertNotEquals(clean.getProperty("natives"), identity(tree).getProperty("natives"));
    }

    /** An editor's file that is there while the jar is built and not while CMake runs would make two builds of one. */
    @Test
    void shouldCountNoFileThatGitIgnores() throws Exception {
        write(tree, ".gitignore", "*.swp\n");
        commit(tree);
        write(tree, ".git/info/exclude", "*.orig\n");
        final Properties clean = identity(tree);

        write(tree, "native/cpu/.add.c.swp", "an editor's\n");
        write(tree, "native/cpu/add.c.orig", "a merge's\n");
        write(tree, "java/core/src/main/java/.Old.java.swp", "an editor's\n");

        assertEquals(clean, identity(tree));
    }

    @Test
    void shouldCountWhatIsDeletedAndNotYetCommitted() throws Exception {
        commit(tree);
        final Properties clean = identity(tree);

        Files.delete(tree.resolve("native/cuda/add.cu"));

        final Properties changed = identity(tree);
        assertEquals("true", changed.getProperty("changed"));
        assertNotEquals(clean.getProperty("natives"), changed.getProperty("natives"));
    }

    @Test
    void shouldSayThatATreeHasNoHistoryAndNameItsSources() throws Exception {
        final Properties archive = identity(tree);
        commit(tree);
        final Properties clone = identity(tree);

        assertEquals("none", archive.getProperty("commit"));
        assertEquals("no .git", archive.getProperty("reason"));
        assertEquals(clone.getProperty("sources"), archive.getProperty("sources"));
    }

    /** What stands around an archive is not its history. */
    @Test
    void shouldNotTakeTheCommitOfATreeAround() throws Exception {
        run(directory, "git", "init", "-q");

        assertEquals("none", identity(tree).getProperty("commit"));
    }

    /** A container's root builds what another user has checked out. */
    @Test
    void shouldNameTheCommitOfACheckoutThatAnotherUserOwns() throws Exception {
        commit(tree);

        final Properties identity = new Properties();
        identity.load(new StringReader(
                output(0, tree, Map.of("GIT_TEST_ASSUME_DIFFERENT_OWNER", "true"), "ci/build-identity")));

        assertEquals(identity(tree), identity);
    }

    @Test
    void shouldNameTheSameSourcesWhereThereIsNoGit() throws Exception {
        commit(tree);
        final Path broken = Files.createDirectory(directory.resolve("bin")).resolve("git");
        Files.writeString(broken, "#!/bin/sh\nexit 127\n");
        assertTrue(broken.toFile().setExecutable(true));

        final Properties without = new Properties();
        without.load(new StringReader(output(
                0, tree, Map.of("PATH", broken.getParent() + ":" + System.getenv("PATH")), "ci/build-identity")));

        assertEquals("none", without.getProperty("commit"));
        assertEquals("git cannot tell", without.getProperty("reason"));
        assertEquals(identity(tree).getProperty("sources"), without.getProperty("sources"));
        assertTrue(
                Build.isSame(Build.of(identity(tree)).text(), Build.of(without).text()));
    }

    @ParameterizedTest
    @CsvSource({"native/pom.xml,1", "native/cpu,1", "java/core/src/main,2", "pom.xml,2"})
    void shouldFailRatherThanLeaveAPathOut(final String missing, final int code) throws Exception {
        final Path path = tree.resolve(missing);
        Files.move(path, directory.resolve("elsewhere"));

        final String output = output(code, tree, Map.of(), "ci/build-identity", "target/build.properties");

        assertMessage(output, missing);
        assertFalse(Files.exists(tree.resolve("target")), "it wrote an identity of less");
    }

    @Test
    void shouldFailWhereGitCannotListTheFiles() throws Exception {
        commit(tree);
        final Path git = Files.createDirectories(directory.resolve("bin")).resolve("git");
        Files.writeString(git, """
                #!/bin/sh
                for word; do [ "$word" != ls-files ] || exit 129; done
                PATH=${PATH#*:} exec git "$@"
                """);
        assertTrue(git.toFile().setExecutable(true));
        final String path = git.getParent() + ":" + System.getenv("PATH");

        output(1, tree, Map.of("PATH", path), "ci/build-identity", "target/build.properties");

        assertFalse(Files.exists(tree.resolve("target")), "it wrote an identity of nothing");
    }

    @Test
    void shouldBeTheSameForTheSameTreeElsewhere() throws Exception {
        assertEquals(identity(tree), identity(makeTree("elsewhere")));
    }

    @Test
    void shouldWriteOnlyWhatHasChanged() throws Exception {
        final Path file = tree.resolve("target/identity/build.properties");
        run(tree, "ci/build-identity", file.toString());
        final FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, old);

        run(tree, "ci/build-identity", file.toString());
        assertEquals(old, Files.getLastModifiedTime(file));

        Files.writeString(tree.resolve("native/cpu/add.c"), "int a;\n");
        run(tree, "ci/build-identity", file.toString());
        assertNotEquals(old, Files.getLastModifiedTime(file));
        try (var left = Files.list(file.getParent())) {
            assertEquals(List.of(file), left.toList());
        }
    }

    private Path makeTree(final String name) throws IOException {
        final Path made = directory.resolve(name);
        write(made, "pom.xml", "<project>\n  <version>1.2-SNAPSHOT</version>\n  <version>9</version>\n</project>\n");
        write(made, "native/pom.xml", "<project/>\n");
        write(made, "native/CMakeLists.txt", "project(x C)\n");
        write(made, "native/cpu/add.c", "int add;\n");
        write(made, "native/cuda/add.cu", "int add;\n");
        write(made, "java/core/pom.xml", "<project/>\n");
        write(made, "java/core/src/main/java/Old.java", "class Old {}\n");
        write(
                made,
                "java/core/src/main/resources/io/signvote/wire/data.xml",
                "<?xml version=\"1.0\"?>\n<sbe:messageSchema\n    package=\"x\" id=\"5350\" version=\"7\">\n");
        Files.createDirectories(made.resolve("ci"));
        Files.copy(SCRIPT, made.resolve("ci/build-identity"));
        return made;
    }

    private static void write(final Path tree, final String name, final String text) throws IOException {
        Files.createDirectories(tree.resolve(name).getParent());
        Files.writeString(tree.resolve(name), text);
    }

    private static void commit(final Path tree) throws Exception {
        run(tree, "git", "init", "-q");
        run(tree, "git", "config", "user.name", "test");
        run(tree, "git", "config", "user.email", "test@localhost");
        run(tree, "git", "add", ".");
        run(tree, "git", "commit", "-q", "-m", "all");
    }

    private static Properties identity(final Path tree) throws Exception {
        final Properties identity = new Properties();
        identity.load(new StringReader(run(tree, "ci/build-identity")));
        return identity;
    }

    private static String run(final Path tree, final String... command) throws Exception {
        return output(0, tree, Map.of(), command);
    }

    private static String output(
            final int code, final Path tree, final Map<String, String> variables, final String... command)
            throws Exception {
        final List<String> line = new ArrayList<>();
        Collections.addAll(line, command);
        line.set(0, command[0].contains("/") ? tree.resolve(command[0]).toString() : command[0]);
        final ProcessBuilder builder =
                new ProcessBuilder(line).directory(tree.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().putAll(variables);
        final Process process = builder.start();
        try {
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "no end of " + line);
            assertEquals(code, process.exitValue(), output);
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
