package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.tools.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command line as a process of its own, whose output goes to files. */
final class Launched implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long TIMEOUT_S = 55;

    private final Path folder;
    private final Process process;

    Launched(final Path folder, final String... args) throws IOException {
        this(folder, Map.of(), args);
    }

    Launched(final Path folder, final Map<String, String> environment, final String... args) throws IOException {
        this(folder, environment, List.of(), args);
    }

    Launched(
            final Path folder,
            final Map<String, String> environment,
            final List<String> properties,
            final String... args)
            throws IOException {
        this.folder = folder;
        // a test run in the background ignores SIGINT, and all that it starts would
        final List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-Dsignvote.timeout=50s",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(properties);
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        final ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    void signal(final String name) throws IOException, InterruptedException {
        assertTrue(new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + process.pid())
                .start()
                .waitFor(TIMEOUT_S, TimeUnit.SECONDS));
    }

    /** Directories of its media driver that are there, by name. */
    List<String> directories() throws IOException {
        final String ours = "-" + process.pid() + "-";
        try (Stream<Path> all = Files.list(SHARED_MEMORY)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("signvote-") && name.contains(ours))
                    .toList();
        }
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Waits for its end. */
    int end() throws InterruptedException {
        assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS), this::output);
        return process.exitValue();
    }

    String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    String output() {
        try {
            return out() + Files.readString(folder.resolve("err"));
        } catch (final IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
