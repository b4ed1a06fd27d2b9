package io.signvote.examples.paper.run;

import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A comparison: finds each arm's rate with one seed on the validation split, then runs each arm with other seeds and scores it on
 * the test split.
 *
 * @param title     for the progress bar.
 * @param firstSeed of those that count; the search takes the one before.
 * @param seeds     that count.
 */
public record Study(String title, long firstSeed, int seeds) {
    /** {@return seed of the search} */
    public long searchSeed() {
        return firstSeed - 1;
    }

    /**
     * Runs it.
     *
     * @param runner of trials.
     * @param arms   to compare.
     * @return what each came to, by its label, in their order.
     * @throws IOException          where the store fails.
     * @throws InterruptedException when this thread is interrupted; finished runs are kept.
     */
    public Map<String, Outcome> run(final Runner runner, final List<Arm> arms)
            throws IOException, InterruptedException {
        final List<TrialSettings> searches = arms.stream()
                .flatMap(arm -> arm.search().trials(searchSeed()).stream())
                .toList();
        final long counting =
                seeds * arms.stream().mapToLong(arm -> arm.base().work()).sum();
        runner.progress().begin(title, distinctWork(searches) + counting);
        try {
            return run(runner, arms, runner.run(jobs(searches.stream())));
        } finally {
            runner.progress().close();
        }
    }

    private Map<String, Outcome> run(final Runner runner, final List<Arm> arms, final Map<String, Recording> searched)
            throws IOException, InterruptedException {
        final Map<String, List<TrialSettings>> trials = new LinkedHashMap<>();
        for (final Arm arm : arms) {
            trials.put(arm.label(), trials(arm, arm.search().choose(searchSeed(), searched)));
        }
        final Map<String, Recording> results =
                runner.run(jobs(trials.values().stream().flatMap(List::stream)));
        final Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (final Arm arm : arms) {
            final List<Recording> recordings = trials.get(arm.label()).stream()
                    .map(trial -> results.get(trial.key()))
                    .toList();
            outcomes.put(arm.label(), new Outcome(arm, arm.search().choose(searchSeed(), searched), recordings));
        }
        return outcomes;
    }

    private static List<Trial> jobs(final Stream<TrialSettings> trials) {
        return trials.map(Trial::new).toList();
    }

    private static long distinctWork(final List<TrialSettings> trials) {
        final Map<String, Long> distinct = new LinkedHashMap<>();
        trials.forEach(trial -> distinct.put(trial.key(), trial.work()));
        return distinct.values().stream().mapToLong(Long::longValue).sum();
    }

    private List<TrialSettings> trials(final Arm arm, final Search.Found found) {
        return LongStream.range(firstSeed, firstSeed + seeds)
                .mapToObj(seed -> arm.base().rate(found.rate()).seed(seed, Split.TEST))
                .toList();
    }
}
