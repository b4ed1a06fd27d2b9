package io.signvote.examples.paper.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.task.Quadratic;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimingJobsTest {
    private static final Machine MACHINE = new Machine(2, "model", 24, "system", "java");
    private static final ShapedLink LINK = new ShapedLink(100);

    @TempDir
    private Path directory;

    @Test
    void shouldTakeTheTrainOfMedianTime() throws Exception {
        final ExchangeJob job =
                new ExchangeJob(FakeTestbed.answering(directory), MACHINE, 3, LINK, List.of(1000, 2000, 1000), 100);
        final AtomicLong progress = new AtomicLong();

        final Map<String, Phases> phases = job.run(progress::addAndGet);

        assertEquals(List.of("mean:1000", "vote:1000", "mean:2000", "vote:2000"), List.copyOf(phases.keySet()));
        assertEquals(new Phases(41, 0.2, 0.3, 0.1, 3100), rounded(phases.get(ExchangeJob.mean(1000))));
        assertEquals(new Phases(3, 0.2, 0.3, 0.1, 100), rounded(phases.get(ExchangeJob.vote(2000))));
        assertEquals(2.4, phases.get(ExchangeJob.vote(2000)).communicate(), 1e-9);
        assertEquals(job.work(), progress.get());
        assertEquals(phases, job.read(job.write(phases)));
        assertThrows(IllegalArgumentException.class, () -> job.read(List.of()));
    }

    @Test
    void shouldTakeTheSlowestRankAndTheMeanOfTheRest() {
        final ExchangeJob job = new ExchangeJob(new Testbed(null), MACHINE, 2, LINK, List.of(1000), 100);
        final List<String> lines = new ArrayList<>();
        for (int train = 0; train < 3; train++) {
            for (final String head : List.of("mean:1000:25,", "vote:1000:25,")) {
                lines.add(head + train + ",10,1,2,3,100");
                lines.add(head + train + ",12,3,4,5,300");
            }
        }

        assertEquals(new Phases(12, 2, 3, 4, 200), job.phases(lines).get("vote:1000"));
    }

    @Test
    void shouldRefuseRanksThatDoNotAgree() {
        final ExchangeJob job = new ExchangeJob(new Testbed(null), MACHINE, 2, LINK, List.of(1000), 100);
        final List<String> lines = new ArrayList<>();
        for (int train = 0; train < 3; train++) {
            lines.add("mean:1000:25," + train + ",1,1,1,1,1");
            lines.add("mean:1000:25," + (train == 1 ? 77 : train) + ",1,1,1,1,1");
        }

        final IllegalStateException error = assertThrows(IllegalStateException.class, () -> job.phases(lines));
        assertTrue(error.getMessage().startsWith("ranks do not agree"), error.getMessage());
        assertThrows(IllegalStateException.class, () -> job.phases(lines.subList(0, 5)), "a line is missing");
    }

    @Test
    void shouldReadGloosTimes() throws Exception {
        final String body = "for rank in 0 1; do for count in 1000 2000; do"
                + " echo \"[$rank] {\\\"program\\\": \\\"gloo\\\", \\\"count\\\": $count, \\\"rounds\\\": 3,"
                + " \\\"wall_ms\\\": [9.5, $((7 + rank * count / 1000)).25, 5.0], \\\"cpu_ms\\\": [1, 1, 1]}\"; done; done";
        final GlooJob job = new GlooJob(
                FakeTestbed.of(directory, body), MACHINE, "/usr/bin/python3", 2, LINK, List.of(1000, 2000), 100);

        final Map<Integer, Double> medians = job.run(progress -> {});

        assertEquals(Map.of(1000, 8.25, 2000, 9.25), medians);
        assertEquals(medians, job.read(job.write(medians)));
        assertThrows(IllegalArgumentException.class, () -> job.read(List.of("1000,8.25")), "a count is missing");
        assertThrows(IllegalStateException.class, () -> job.median(List.of(new double[3])), "a rank is missing");
        assertThrows(
                IllegalStateException.class,
                () -> job.median(List.of(new double[3], new double[2])),
                "a train is missing");
    }

    @Test
    void shouldAskForEachCountsRounds() throws Exception {
        final GlooJob job = new GlooJob(
                FakeTestbed.of(directory, "echo \"[0] $*\"; exit 3"),
                MACHINE,
                "python",
                2,
                LINK,
                List.of(1000, 1_000_000),
                500);

        final UncheckedIOException error = assertThrows(UncheckedIOException.class, () -> job.run(progress -> {}));

        // 125 rounds of at least 4 ms; 1,000,000 floats take 320 ms, and no train has fewer than 3 rounds
        assertTrue(
                error.getMessage().contains("--trains 3 --count 1000 1000000 --rounds 125 3 --warmup 32 1"),
                error.getMessage());
    }

    @Test
    void shouldTimeComputing() throws Exception {
        final Quadratic problem = new Quadratic(1000, 1, 1, Quadratic.Watch.OBJECTIVE);
        final ComputeJob job = new ComputeJob(problem, 1, 1, 20, MACHINE);

        final double ms = job.run(progress -> {});

        assertTrue(ms > 0 && ms < 1000, "a step of a thousand dimensions took " + ms + " ms");
        assertEquals(ms, job.read(job.write(ms)));
    }

    @Test
    void shouldKnowWhatDecidesATime() throws Exception {
        final Testbed none = new Testbed(null);
        final String key = new ExchangeJob(none, MACHINE, 7, LINK, List.of(1000), 100).key();

        assertEquals(key, new ExchangeJob(none, MACHINE, 7, new ShapedLink(100), List.of(1000), 100).key());
        assertNotEquals(key, new ExchangeJob(none, MACHINE, 6, LINK, List.of(1000), 100).key());
        assertNotEquals(key, new ExchangeJob(none, MACHINE, 7, new ShapedLink(25), List.of(1000), 100).key());
        assertNotEquals(key, new ExchangeJob(none, MACHINE, 7, LINK, List.of(1001), 100).key());
        assertNotEquals(
                key,
                new ExchangeJob(FakeTestbed.of(directory, "exit 0"), MACHINE, 7, LINK, List.of(1000), 100).key(),
                "another testbed shapes in another way");
        assertNotEquals(
                key,
                new ExchangeJob(none, new Machine(4, "model", 24, "system", "java"), 7, LINK, List.of(1000), 100)
                        .key());
    }

    private static Phases rounded(final Phases p) {
        return new Phases(round(p.total()), round(p.pack()), round(p.tally()), round(p.unpack()), round(p.bytes()));
    }

    /** Means of three are not exact. */
    private static double round(final double value) {
        return Math.round(value * 1e9) / 1e9;
    }
}
