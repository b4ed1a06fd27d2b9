package io.signvote.examples.paper.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;

/**
 * A job that measures time, and notes the load of the machine before and after. The load is kept with the result: a figure that is
 * drawn again later tells the load of the time when it was measured.
 *
 * @param job  to do.
 * @param load of the machine now.
 * @param <T>  kind of its result.
 */
public record LoadedJob<T>(Job<T> job, DoubleSupplier load) implements Job<Loaded<T>> {
    /**
     * A job on this machine.
     *
     * @param job to do.
     */
    public LoadedJob(final Job<T> job) {
        this(job, Machine::load);
    }

    @Override
    public String key() {
        return "with the load; " + job.key();
    }

    @Override
    public long work() {
        return job.work();
    }

    @Override
    public Loaded<T> run(final LongConsumer progress) throws InterruptedException {
        final double before = load.getAsDouble();
        final T result = job.run(progress);
        return new Loaded<>(result, before, load.getAsDouble());
    }

    @Override
    public List<String> write(final Loaded<T> result) {
        final List<String> lines = new ArrayList<>(List.of(result.before() + "," + result.after()));
        lines.addAll(job.write(result.result()));
        return lines;
    }

    @Override
    public Loaded<T> read(final List<String> lines) {
        final String[] loads = lines.get(0).split(",");
        return new Loaded<>(
                job.read(lines.subList(1, lines.size())), Double.parseDouble(loads[0]), Double.parseDouble(loads[1]));
    }
}
