package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A main class in a process of its own: the driver, and JCuda, are found once per process. */
public final class OtherProcess implements AutoCloseable {
    private static final long DEADLINE_S = 100;

    private final Process process;
    private final Path output;

    OtherProcess(
            final Class<?> main,
            final Path directory,
            final String classPath,
            final Map<String, String> environment,
            final String... options)
            throws IOException {
        output = Files.createTempFile(directory, "output", "");
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
        command.add("-Djava.io.tmpdir=" + directory);
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, main.getName()));
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Runs one and gives what it printed. */
    public static String run(
            final Class<?> main,
            final Path directory,
            final String classPath,
            final Map<String, String> environment,
            final String... options)
            throws Exception {
        try (OtherProcess process = new OtherProcess(main, directory, classPath, environment, options)) {
            return process.await();
        }
    }

    /** What it printed, when it has ended. */
    String await() throws Exception {
        assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), "the process did not end");
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
