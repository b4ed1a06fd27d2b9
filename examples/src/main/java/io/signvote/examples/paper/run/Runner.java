package io.signvote.examples.paper.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does jobs, as many at a time as there are processors, and keeps what each comes to: what was kept before is not done again. */
public final class Runner {
    private final RunStore store;
    private final WorkProgress progress;
    private final int parallel;

    /**
     * A runner.
     *
     * @param store    of results.
     * @param progress told of work done.
     * @param parallel jobs at a time.
     */
    public Runner(final RunStore store, final WorkProgress progress, final int parallel) {
        this.store = store;
        this.progress = progress;
        this.parallel = parallel;
    }

    /** {@return where work is reported to} */
    public WorkProgress progress() {
        return progress;
    }

    /**
     * Does jobs that are not kept yet.
     *
     * @param jobs in any order; those with the same key are done once.
     * @param <T>  kind of their results.
     * @return what each came to, by its key.
     * @throws IOException          where the store fails.
     * @throws InterruptedException when this thread is interrupted; finished jobs are kept.
     */
    public <T> Map<String, T> run(final List<? extends Job<T>> jobs) throws IOException, InterruptedException {
        final Map<String, Job<T>> distinct = new LinkedHashMap<>();
        jobs.forEach(job -> distinct.put(job.key(), job));
        final Map<String, T> results = new LinkedHashMap<>();
        final List<Job<T>> missing = new ArrayList<>();
        for (final Job<T> job : distinct.values()) {
            final Optional<T> kept = store.find(job);
            if (kept.isPresent()) {
                results.put(job.key(), kept.get());
                progress.advance(job.work(), false);
            } else {
                missing.add(job);
            }
        }
        runAll(missing, results);
        return results;
    }

    private <T> void runAll(final List<Job<T>> jobs, final Map<String, T> results)
            throws IOException, InterruptedException {
        final ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            final Map<String, Future<T>> futures = new LinkedHashMap<>();
            for (final Job<T> job : jobs) {
                futures.put(job.key(), workers.submit(() -> runAndKeep(job)));
            }
            for (final Map.Entry<String, Future<T>> future : futures.entrySet()) {
                results.put(future.getKey(), future.getValue().get());
            }
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private <T> T runAndKeep(final Job<T> job) throws IOException, InterruptedException {
        final T result = job.run(work -> progress.advance(work, true));
        store.put(job, result);
        return result;
    }
}
