package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Job;
import io.signvote.examples.paper.run.Loaded;
import io.signvote.examples.paper.run.LoadedJob;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.Runner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** Runs the jobs of a figure that measure time, one at a time, and records the load of the machine. */
final class TimedJobs {
    private final Runner runner;
    private final DoubleSupplier load;
    private final List<Loaded<?>> done = new ArrayList<>();

    TimedJobs(final Runner runner) {
        this(runner, Machine::load);
    }

    TimedJobs(final Runner runner, final DoubleSupplier load) {
        this.runner = runner;
        this.load = load;
    }

    <T> T run(final Job<T> job) throws IOException, InterruptedException {
        final LoadedJob<T> loaded = new LoadedJob<>(job, load);
        final Loaded<T> result = runner.run(List.of(loaded)).get(loaded.key());
        done.add(result);
        return result.result();
    }

    /** Adds how busy the machine was around the jobs that were done. */
    Settings addTo(final Settings settings, final Machine machine) {
        return settings.add(
                "load of the machine",
                machine.processors() + " processors; load average of a minute: "
                        + number(done.get(0).before()) + " before the first measurement, "
                        + number(done.get(done.size() - 1).after()) + " after the last, at most "
                        + number(done.stream()
                                .mapToDouble(each -> Math.max(each.before(), each.after()))
                                .max()
                                .orElseThrow())
                        + " in " + done.size()
                        + " measurements; all but the first number have the measurements' own work"
                        + " in them");
    }

    private static String number(final double load) {
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", load);
    }
}
