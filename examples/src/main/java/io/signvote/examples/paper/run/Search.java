package io.signvote.examples.paper.run;

import io.signvote.examples.task.Measure;
import io.signvote.examples.task.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a rate is found: every rate of a grid once, with the seed before those that count, scored on the validation split. The one
 * that is best at the end is taken, the smaller of two equals.
 *
 * @param base  what is trained; rate, seed and split do not matter.
 * @param rates ascending; a single one is taken without a search.
 */
public record Search(TrialSettings base, List<Float> rates) {
    /** Copies the list. */
    public Search {
        rates = List.copyOf(rates);
    }

    /**
     * What must run.
     *
     * @param seed of the search.
     * @return a trial for each rate, or none where there is nothing to choose.
     */
    List<TrialSettings> trials(final long seed) {
        return rates.size() == 1
                ? List.of()
                : rates.stream()
                        .map(rate -> base.rate(rate).seed(seed, Split.VALIDATION))
                        .toList();
    }

    /**
     * Chooses.
     *
     * @param seed    of the search.
     * @param results of all {@link #trials}, by key.
     * @return the rate, and the value that each came to.
     */
    Found choose(final long seed, final Map<String, Recording> results) {
        final Measure measure = base.problem().measure();
        final List<Double> values = new ArrayList<>();
        int best = 0;
        for (final TrialSettings trial : trials(seed)) {
            final Recording recording = results.get(trial.key());
            values.add(recording.isDiverged() ? Double.NaN : recording.value(measure));
            if (measure.isBetter(values.get(values.size() - 1), values.get(best))) {
                best = values.size() - 1;
            }
        }
        return new Found(rates.get(best), best, values);
    }

    /**
     * What a search came to.
     *
     * @param rate   taken.
     * @param index  of it in the grid.
     * @param values of all rates of the grid at the end, on the validation split; not a number where a run diverged.
     */
    public record Found(float rate, int index, List<Double> values) {
        /** Copies the list. */
        public Found {
            values = List.copyOf(values);
        }

        /** {@return whether the rate is the least or the greatest of several: the best may lie beyond} */
        public boolean isAtEdge() {
            return values.size() > 1 && (index == 0 || index == values.size() - 1);
        }
    }
}
