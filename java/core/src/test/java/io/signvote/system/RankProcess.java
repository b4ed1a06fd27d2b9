package io.signvote.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.IoUtil;

/** A process that runs {@link RankProgram}, seen from the test. Every wait has a deadline. */
public final class RankProcess implements AutoCloseable {
    private static final long TIMEOUT_S = 50;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Process process;
    private final PrintStream commands;
    private final Path errors;
    private int pending;

    /** Starts one, with these variables beside ours. */
    public RankProcess(final Map<String, String> variables) throws IOException {
        this(variables, List.of());
    }

    /** Starts one whose class path begins with these. */
    public RankProcess(final Map<String, String> variables, final List<Path> before) throws IOException {
        errors = Files.createTempFile("rank", ".err");
        final ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of(System.getProperty("signvote.root", "../.."), "java", "jvm.options"),
                "-ea",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dagrona.disable.bounds.checks=false",
                "-Dagrona.strict.alignment.checks=true",
                "-Djava.io.tmpdir=" + errors.getParent(),
                "-D" + RankProgram.CUDA_MODULE + "=" + System.getProperty(RankProgram.CUDA_MODULE, ""),
                "-D" + RankProgram.ROOT + "=" + System.getProperty(RankProgram.ROOT, "../.."),
                "-cp",
                before.stream().map(path -> path + File.pathSeparator).collect(Collectors.joining())
                        + System.getProperty("java.class.path"),
                RankProgram.class.getName());
        builder.environment().putAll(variables);
        process = builder.redirectError(errors.toFile()).start();
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        final Thread reader = new Thread(this::read, "answers-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Tells it to do something. */
    public void send(final String command) {
        pending++;
        commands.println(command);
    }

    /** Its next answer. */
    public String answer() {
        return answer(TIMEOUT_S * 1000);
    }

    /** Its next answer, which must come in time. */
    public String answer(final long timeoutMs) {
        try {
            final String answer = answers.poll(timeoutMs, TimeUnit.MILLISECONDS);
            assertNotNull(answer, () -> "no answer in " + timeoutMs + " ms, errors: " + errors());
            pending -= answer.equals("mid") ? 0 : 1;
            return answer;
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for an answer that begins like this. */
    public String expect(final String beginning) {
        final String answer = answer();
        assertTrue(answer.startsWith(beginning), () -> "expected " + beginning + ", was " + answer + errors());
        return answer;
    }

    /** Kills it. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Sends it STOP or CONT. */
    public void signal(final String name) throws Exception {
        final Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + process.pid()).start();
        assertTrue(kill.waitFor(TIMEOUT_S, TimeUnit.SECONDS));
        assertEquals(0, kill.exitValue());
    }

    /** Waits until the process has ended, and returns its exit code. If a signal ended it, the code is 128 plus the signal. */
    public int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS), () -> "it has not ended, errors: " + errors());
        return process.exitValue();
    }

    /** Whether it runs, and has answered all that it was told. */
    public boolean isReady() {
        return process.isAlive() && pending == 0 && answers.isEmpty();
    }

    /** Its number. */
    public long pid() {
        return process.pid();
    }

    /** Directories of its media drivers. */
    public List<Path> directories() {
        try (Stream<Path> all = Files.list(SHARED_MEMORY)) {
            return all.filter(path -> path.getFileName().toString().matches("signvote-\\d+-" + process.pid() + "-.*"))
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it complained of. */
    public String errors() {
        try {
            return Files.readString(errors);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and removes what a killed process leaves behind. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS));
            directories().stream().map(Path::toFile).forEach((final File left) -> IoUtil.delete(left, true));
            Files.deleteIfExists(errors);
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = output.readLine()) != null) {
                answers.add(line);
            }
        } catch (final IOException e) {
            answers.add("lost: " + e.getMessage());
        }
    }
}
