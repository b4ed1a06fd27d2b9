package io.signvote.examples.paper.run;

import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A comparison: finds each contender's rate with one seed on the validation split, then runs each contender with other seeds and scores it on
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
     * @param contenders   to compare.
     * @return what each came to, by its label, in their order.
     * @throws IOException          where the store fails.
     * @throws InterruptedException when this thread is interrupted; finished runs are kept.
     */
    public Map<String, Outcome> run(final Runner runner, final List<Contender> contenders)
            throws IOException, InterruptedException {
        final List<TrialSettings> searches = contenders.stream()
                .flatMap(contender -> contender.search().trials(searchSeed()).stream())
                .toList();
        final long counting = seeds
                * contenders.stream()
                        .mapToLong(contender -> contender.base().work())
                        .sum();
        runner.progress().begin(title, distinctWork(searches) + counting);
        try {
            return run(runner, contenders, runner.run(jobs(searches.stream())));
        } finally {
            runner.progress().close();
        }
    }

    private Map<String, Outcome> run(
            final Runner runner, final List<Contender> contenders, final Map<String, Recording> searched)
            throws IOException, InterruptedException {
        final Map<String, List<TrialSettings>> trials = new LinkedHashMap<>();
        for (final Contender contender : contenders) {
            trials.put(contender.label(), trials(contender, contender.search().choose(searchSeed(), searched)));
        }
        final Map<String, Recording> results =
                runner.run(jobs(trials.values().stream().flatMap(List::stream)));
        final Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (final Contender contender : contenders) {
            final List<Recording> recordings = trials.get(contender.label()).stream()
                    .map(trial -> results.get(trial.key()))
                    .toList();
            outcomes.put(
                    contender.label(),
                    new Outcome(contender, contender.search().choose(searchSeed(), searched), recordings));
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

    private List<TrialSettings> trials(final Contender contender, final Search.Found found) {
        return LongStream.range(firstSeed, firstSeed + seeds)
                .mapToObj(seed -> contender.base().rate(found.rate()).seed(seed, Split.TEST))
                .toList();
    }
}
