package io.signvote.examples.paper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
    @TempDir
    private Path directory;

    @Test
    void shouldGoOnAfterAnInterrupt() throws Exception {
        final Thread caller = Thread.currentThread();
        final CountDownLatch never = new CountDownLatch(1);
        final Count first = new Count("first", () -> {});
        final Count second = new Count("second", () -> {
            caller.interrupt();
            never.await(50, TimeUnit.SECONDS);
        });

        assertThrows(InterruptedException.class, () -> runner(1).run(List.of(first, second)));
        final Count again = new Count("second", () -> {});
        final Map<String, Integer> results = runner(1).run(List.of(first, again));

        assertEquals(Map.of("first", 5, "second", 6), results);
        assertEquals(1, first.runs.get());
        assertEquals(1, second.runs.get());
        assertEquals(1, again.runs.get());
    }

    @Test
    void shouldDoJobsOfTheSameKeyOnce() throws Exception {
        final Count one = new Count("same", () -> {});
        final Count other = new Count("same", () -> {});

        assertEquals(Map.of("same", 4), runner(2).run(List.of(one, other)));
        assertEquals(1, one.runs.get() + other.runs.get());
    }

    @Test
    void shouldRedoWhatWasDamaged() throws Exception {
        for (final String damage :
                List.of("", "# another key\n4\n", "# job; build=one\n", "# job; build=one\nfour\n")) {
            final Count before = new Count("job", () -> {});
            runner(1).run(List.of(before));
            Files.writeString(onlyFile(), damage);
            final Count after = new Count("job", () -> {});

            assertEquals(Map.of("job", 3), runner(1).run(List.of(after)));
            assertEquals(1, after.runs.get(), "damage: " + damage);
            assertEquals("# job; build=one\n3\n", Files.readString(onlyFile()));
        }
    }

    @Test
    void shouldNotTakeWhatAnotherBuildCameTo() throws Exception {
        final Count before = new Count("job", () -> {});
        runner(1).run(List.of(before));
        final Count same = new Count("job", () -> {});
        runner(1).run(List.of(same));
        final Count after = new Count("job", () -> {});
        new Runner(new RunStore(directory, "two"), progress(), 1).run(List.of(after));

        assertEquals(List.of(1, 0, 1), List.of(before.runs.get(), same.runs.get(), after.runs.get()));
        assertEquals("# job; build=two\n3\n", Files.readString(onlyFile()), "in the place of the other");
    }

    @Test
    void shouldLeaveNothingUnfinished() throws Exception {
        runner(1).run(List.of(new Count("job", () -> {})));
        final Path inTheWay = onlyFile();
        Files.delete(inTheWay);
        Files.createDirectories(inTheWay.resolve("of a directory"));
        final RunStore store = new RunStore(directory, "one");

        assertThrows(IOException.class, () -> store.put(new Count("job", () -> {}), 3));
        assertEquals(inTheWay, onlyFile(), "no part of a file beside it");
    }

    @Test
    void shouldTellBuildsApart() throws IOException {
        final Path jar = Files.writeString(directory.resolve("a.jar"), "one");
        Files.createDirectories(directory.resolve("classes/in"));
        Files.writeString(directory.resolve("classes/in/A.class"), "A");
        final List<Path> paths = List.of(jar, directory.resolve("classes"), directory.resolve("nowhere"));
        final String before = Build.of(paths);

        assertEquals(before, Build.of(paths));
        Files.writeString(directory.resolve("classes/in/A.class"), "B");
        assertNotEquals(before, Build.of(paths));
        assertEquals(Build.here(), Build.here());
    }

    @Test
    void shouldRedoWhatIsNoText() throws Exception {
        runner(1).run(List.of(new Count("job", () -> {})));
        Files.write(onlyFile(), new byte[] {'#', ' ', (byte) 0xC3, (byte) 0x28, '\n', 0});
        final Count after = new Count("job", () -> {});

        assertEquals(Map.of("job", 3), runner(1).run(List.of(after)));
        assertEquals(1, after.runs.get());
    }

    @Test
    void shouldTellWhatAJobThrew() {
        final Count job = new Count("job", () -> {
            throw new IllegalArgumentException("batch=20 > 19");
        });

        final Exception error =
                assertThrows(IllegalArgumentException.class, () -> runner(2).run(List.of(job)));
        assertEquals("batch=20 > 19", error.getMessage());
    }

    @Test
    void shouldNameADirectoryThatCannotBe() throws IOException {
        final Path file = Files.writeString(directory.resolve("runs"), "a file");
        final Runner runner = new Runner(new RunStore(file), progress(), 1);

        final Exception error = assertThrows(IOException.class, () -> runner.run(List.of(new Count("job", () -> {}))));
        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
    }

    private Runner runner(final int parallel) {
        return new Runner(new RunStore(directory, "one"), progress(), parallel);
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            final List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    private static WorkProgress progress() {
        return new WorkProgress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    /** Comes to the length of its key, and counts how often it was done. */
    private record Count(String key, Task task, AtomicInteger runs) implements Job<Integer> {
        Count(final String key, final Task task) {
            this(key, task, new AtomicInteger());
        }

        @Override
        public long work() {
            return 1;
        }

        @Override
        public Integer run(final LongConsumer progress) throws InterruptedException {
            runs.incrementAndGet();
            task.run();
            return key.length();
        }

        @Override
        public List<String> write(final Integer result) {
            return List.of(String.valueOf(result));
        }

        @Override
        public Integer read(final List<String> lines) {
            return Integer.valueOf(lines.get(0));
        }
    }
}
