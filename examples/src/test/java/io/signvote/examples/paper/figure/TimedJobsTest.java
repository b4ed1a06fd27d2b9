package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.paper.run.Job;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.RunStore;
import io.signvote.examples.paper.run.Runner;
import io.signvote.examples.paper.run.WorkProgress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That figures which measure time tell how busy the machine was. */
class TimedJobsTest {
    private static final Machine MACHINE = new Machine(2, "model", 24, "system", "java");

    @TempDir
    private Path directory;

    @Test
    void shouldTellTheLoadAtTheBeginAndAtTheEnd() throws Exception {
        final TimedJobs jobs = jobs(0.25, 1.5, 3.75, 2.5);

        assertEquals(4, jobs.run(new Length("four")));
        assertEquals(5, jobs.run(new Length("fifth")));

        assertEquals(
                "2 processors; load average of a minute: 0.25 before the first measurement, 2.50 after the last, at most 3.75 in"
                        + " 2 measurements; all but the first number have the measurements' own work in them",
                told(jobs));
    }

    @Test
    void shouldTellTheLoadOfTheTimeWhenItWasMeasured() throws Exception {
        jobs(0.25, 1.5).run(new Length("four"));
        final TimedJobs later = jobs(9, 9);

        assertEquals(4, later.run(new Length("four")));

        assertTrue(
                told(later).contains(": 0.25 before the first measurement, 1.50 after the last, at most 1.50 in 1 "));
    }

    @Test
    void shouldTellWhereTheLoadIsNotKnown() throws Exception {
        final TimedJobs jobs = jobs(-1, -1);
        jobs.run(new Length("four"));

        assertTrue(told(jobs).contains(": unknown before the first measurement, unknown after the last"), told(jobs));
    }

    private TimedJobs jobs(final double... loads) {
        final Iterator<Double> next = Arrays.stream(loads).iterator();
        final WorkProgress progress = new WorkProgress(new PrintStream(OutputStream.nullOutputStream()), false);
        return new TimedJobs(new Runner(new RunStore(directory), progress, 1), next::next);
    }

    private static String told(final TimedJobs jobs) {
        final List<List<String>> rows = jobs.addTo(new Settings(MadeUpOutcomes.CONTEXT, Figure8.PROSE), MACHINE)
                .table()
                .rows();
        return rows.get(rows.size() - 1).get(1);
    }

    /** How long a word is. */
    private record Length(String key) implements Job<Integer> {
        @Override
        public long work() {
            return 1;
        }

        @Override
        public Integer run(final LongConsumer progress) {
            return key.length();
        }

        @Override
        public List<String> write(final Integer result) {
            return List.of(result.toString());
        }

        @Override
        public Integer read(final List<String> lines) {
            return Integer.valueOf(lines.get(0));
        }
    }
}
