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

/**
 * Runs trials, as many at a time as there are processors, and keeps what each comes to. A trial that was kept before is not run
 * again.
 */
public final class Runner {
    private final RunStore store;
    private final WorkProgress progress;
    private final int parallel;

    /**
     * A runner.
     *
     * @param store    of finished runs.
     * @param progress told of work done.
     * @param parallel runs at a time.
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

    /** {@return runs at a time} */
    public int parallel() {
        return parallel;
    }

    /**
     * Runs trials that are not kept yet.
     *
     * @param trials in any order; those asked for twice run once.
     * @return what each came to, by its key.
     * @throws IOException          where the store fails.
     * @throws InterruptedException when this thread is interrupted; finished runs are kept.
     */
    public Map<String, Recording> run(final List<TrialSettings> trials) throws IOException, InterruptedException {
        final Map<String, TrialSettings> distinct = new LinkedHashMap<>();
        trials.forEach(trial -> distinct.put(trial.key(), trial));
        final Map<String, Recording> results = new LinkedHashMap<>();
        final List<TrialSettings> missing = new ArrayList<>();
        for (final TrialSettings trial : distinct.values()) {
            final Optional<Recording> kept = store.find(trial);
            if (kept.isPresent()) {
                results.put(trial.key(), kept.get());
                progress.advance(trial.work(), false);
            } else {
                missing.add(trial);
            }
        }
        runAll(missing, results);
        return results;
    }

    private void runAll(final List<TrialSettings> trials, final Map<String, Recording> results)
            throws IOException, InterruptedException {
        final ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            final Map<String, Future<Recording>> futures = new LinkedHashMap<>();
            for (final TrialSettings trial : trials) {
                futures.put(trial.key(), workers.submit(() -> runAndKeep(trial)));
            }
            for (final Map.Entry<String, Future<Recording>> future : futures.entrySet()) {
                results.put(future.getKey(), future.getValue().get());
            }
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private Recording runAndKeep(final TrialSettings trial) throws IOException, InterruptedException {
        final Recording recording = Trial.run(trial, work -> progress.advance(work, true));
        store.put(trial, recording);
        return recording;
    }
}
