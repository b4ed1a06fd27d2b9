package io.signvote.examples.paper.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.method.Method;
import io.signvote.examples.net.Score;
import io.signvote.examples.task.Measure;
import io.signvote.examples.task.Quadratic;
import io.signvote.examples.task.Split;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
    private static final TrialSettings BASE = new TrialSettings(
            new Quadratic(50, 1, 0.5, Quadratic.Watch.OBJECTIVE),
            Method.vote(0),
            Participants.honest(3),
            1,
            40,
            4,
            RateSchedule.CONSTANT,
            1,
            0,
            Split.TEST);

    @TempDir
    private Path directory;

    @Test
    void shouldTakeTheRateThatIsBest() {
        final Search.Found found = choose(List.of(0.1f, 0.2f, 0.4f), 3, 1, 2);

        assertEquals(0.2f, found.rate());
        assertEquals(List.of(3.0, 1.0, 2.0), found.values());
        assertFalse(found.isAtEdge());
    }

    @Test
    void shouldTakeTheSmallerOfTwoEqualsAndNoneThatDiverged() {
        assertEquals(0.1f, choose(List.of(0.1f, 0.2f, 0.4f), 1, 1, 2).rate());
        assertEquals(
                0.4f,
                choose(List.of(0.1f, 0.2f, 0.4f), Double.NaN, Double.POSITIVE_INFINITY, 2)
                        .rate());
        assertTrue(choose(List.of(0.1f, 0.2f, 0.4f), Double.NaN, 3, 2).isAtEdge());
        assertTrue(choose(List.of(0.1f, 0.2f, 0.4f), 1, 3, 2).isAtEdge());
    }

    @Test
    void shouldTakeASingleRateWithoutASearch() {
        final Search search = new Search(BASE, List.of(0.3f));

        assertEquals(List.of(), search.trials(0));
        assertEquals(new Search.Found(0.3f, 0, List.of()), search.choose(0, Map.of()));
        assertFalse(search.choose(0, Map.of()).isAtEdge());
    }

    @Test
    void shouldSearchWithOneSeedOnValidationAndCountOthersOnTest() throws Exception {
        final List<Float> rates = List.of(1e-4f, 0.02f, 2f);
        final Search search = new Search(BASE, rates);
        final Participants attacked = BASE.participants().with(Attack.INVERT, 1);
        final List<Contender> contenders = List.of(
                new Contender("clean", BASE, search), new Contender("attacked", BASE.participants(attacked), search));
        final Study study = new Study("a study", 1, 2);

        final Map<String, Outcome> outcomes = study.run(runner(), contenders);

        final Outcome clean = outcomes.get("clean");
        assertEquals(List.of("clean", "attacked"), List.copyOf(outcomes.keySet()));
        assertEquals(0.02f, clean.found().rate());
        assertEquals(0.02f, outcomes.get("attacked").found().rate());
        assertEquals(2, clean.recordings().size());
        assertEquals((clean.value(0) + clean.value(1)) / 2, clean.mean(), 1e-12);
        assertArrayEquals(new double[] {clean.value(0), clean.value(1)}, clean.values());
        assertTrue(clean.mean() < outcomes.get("attacked").mean());
        // three of the search, which both contenders share, and two seeds of two contenders
        assertEquals(7, files());
        assertEquals(3, files("seed=0; split=VALIDATION"));
        assertEquals(2, files("seed=1; split=TEST"));
        assertEquals(2, files("seed=2; split=TEST"));
    }

    @Test
    void shouldComeToTheSameFromWhatWasKept() throws Exception {
        final List<Contender> contenders =
                List.of(new Contender("clean", BASE, new Search(BASE, List.of(0.01f, 0.02f))));
        final Study study = new Study("a study", 1, 2);
        final double[][] before = study.run(runner(), contenders).get("clean").curves();
        final Map<Path, Object> times = times();

        final double[][] after = study.run(runner(), contenders).get("clean").curves();

        assertArrayEquals(before[0], after[0]);
        assertArrayEquals(before[1], after[1]);
        assertEquals(times, times());
    }

    @Test
    void shouldReadBetweenPoints() {
        final Recording recording = new Recording(List.of(point(0, 8), point(10, 4), point(30, 2)));

        assertEquals(6, recording.valueAt(Measure.OBJECTIVE, ScoredPoint::step, 5), 1e-12);
        assertEquals(4, recording.valueAt(Measure.OBJECTIVE, ScoredPoint::step, 10), 1e-12);
        assertEquals(2.5, recording.valueAt(Measure.OBJECTIVE, ScoredPoint::step, 25), 1e-12);
        assertEquals(2, recording.valueAt(Measure.OBJECTIVE, ScoredPoint::step, 99), 1e-12);
    }

    @Test
    void shouldFindWhereALevelIsFirstReached() {
        final Recording recording = new Recording(List.of(point(0, 1), point(10, 5), point(20, 4), point(40, 8)));

        assertEquals(5, recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 3), 1e-12);
        assertEquals(10, recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 5), 1e-12);
        assertEquals(8.75, recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 4.5), 1e-12, "the first time");
        assertEquals(30, recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 6), 1e-12);
        assertEquals(0, recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 0.5), 1e-12, "at the start");
        assertEquals(
                Double.POSITIVE_INFINITY,
                recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 8.1),
                "never so high");
        assertEquals(Double.POSITIVE_INFINITY, recording.firstAt(Measure.OBJECTIVE, ScoredPoint::step, Double.NaN));
        final Recording broken = new Recording(List.of(point(0, Double.NaN), point(10, 5)));
        assertEquals(10, broken.firstAt(Measure.OBJECTIVE, ScoredPoint::step, 3), 1e-12, "nothing to draw a line from");
    }

    @Test
    void shouldTimeAStep() throws Exception {
        final StepTime job = new StepTime(BASE);

        final double seconds = job.run(work -> assertEquals(job.work(), work));

        assertTrue(seconds > 0 && seconds < 1, seconds + " s");
        assertEquals(seconds, job.read(job.write(seconds)));
    }

    private static Search.Found choose(final List<Float> rates, final double... values) {
        final Search search = new Search(BASE, rates);
        final Map<String, Recording> results = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            results.put(search.trials(0).get(i).key(), new Recording(List.of(point(0, 9), point(40, values[i]))));
        }
        return search.choose(0, results);
    }

    private static ScoredPoint point(final int step, final double value) {
        return new ScoredPoint(step, 0, 0, new Score(value, 0, 1));
    }

    private Runner runner() {
        final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Runner(new RunStore(directory), new WorkProgress(nowhere, false), 2);
    }

    private long files(final String... words) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            long count = 0;
            for (final Path file : files.toList()) {
                final String head = Files.readAllLines(file).get(0);
                count += Stream.of(words).allMatch(head::contains) ? 1 : 0;
            }
            return count;
        }
    }

    private Map<Path, Object> times() throws Exception {
        final Map<Path, Object> times = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
