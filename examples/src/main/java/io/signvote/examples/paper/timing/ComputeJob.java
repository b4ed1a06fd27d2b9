package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.run.Job;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Times the gradients of a rank's batch, by one thread. To be run with nothing beside it: the rank then has a core of its own. */
public final class ComputeJob implements Job<Double> {
    private static final int STEPS_MIN = 5;

    private final Problem problem;
    private final int ranks;
    private final int batch;
    private final long lastingMs;
    private final Machine machine;

    /**
     * A job.
     *
     * @param problem   whose gradients.
     * @param ranks     that share its data.
     * @param batch     samples.
     * @param lastingMs to measure; half as long to warm up.
     * @param machine   that computes.
     */
    public ComputeJob(
            final Problem problem, final int ranks, final int batch, final long lastingMs, final Machine machine) {
        this.problem = problem;
        this.ranks = ranks;
        this.batch = batch;
        this.lastingMs = lastingMs;
        this.machine = machine;
    }

    @Override
    public String key() {
        return "compute; " + problem.settings() + "; ranks=" + ranks + "; batch=" + batch + "; lasting=" + lastingMs
                + "; " + machine.settings();
    }

    @Override
    public long work() {
        return 1;
    }

    /** Median milliseconds of a batch. */
    @Override
    public Double run(final LongConsumer progress) throws InterruptedException {
        try (Learner learner = problem.learner(0, ranks, batch, 0)) {
            learner.initialise(0);
            final int warm = times(learner, 0, lastingMs / 2).size();
            final List<Double> times = times(learner, warm, lastingMs);
            Collections.sort(times);
            progress.accept(1);
            return times.get(times.size() / 2);
        }
    }

    private static List<Double> times(final Learner learner, final int first, final long lastingMs)
            throws InterruptedException {
        final List<Double> times = new ArrayList<>();
        final long begin = System.nanoTime();
        while (times.size() < STEPS_MIN || System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(lastingMs)) {
            final long start = System.nanoTime();
            learner.learn(first + times.size());
            times.add((System.nanoTime() - start) / 1e6);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return times;
    }

    @Override
    public List<String> write(final Double result) {
        return List.of(result.toString());
    }

    @Override
    public Double read(final List<String> lines) {
        return Double.valueOf(lines.get(0));
    }
}
