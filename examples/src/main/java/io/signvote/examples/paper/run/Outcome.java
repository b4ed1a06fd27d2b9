package io.signvote.examples.paper.run;

import io.signvote.examples.task.Measure;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a contender came to, on the test split.
 *
 * @param contender        which.
 * @param found      the rate taken, and the search for it.
 * @param recordings one per seed, in their order.
 */
public record Outcome(Contender contender, Search.Found found, List<Recording> recordings) {
    /** {@return what scores are told by} */
    public Measure measure() {
        return contender.base().problem().measure();
    }

    /**
     * The value at the end.
     *
     * @param seed index of the seed.
     * @return of that seed's run.
     */
    public double value(final int seed) {
        return recordings.get(seed).value(measure());
    }

    /** {@return mean of the values at the end, over all seeds} */
    public double mean() {
        return recordings.stream()
                .mapToDouble(recording -> recording.value(measure()))
                .average()
                .orElseThrow();
    }

    /** {@return the values at the end, one per seed} */
    public double[] values() {
        return recordings.stream()
                .mapToDouble(recording -> recording.value(measure()))
                .toArray();
    }

    /**
     * Numbers of all points and seeds.
     *
     * @param number of a point.
     * @return by seed, then in the order of the points.
     */
    public double[][] table(final ToDoubleFunction<ScoredPoint> number) {
        return recordings.stream().map(recording -> recording.column(number)).toArray(double[][]::new);
    }

    /** {@return the measure at all points and seeds} */
    public double[][] curves() {
        return table(point -> measure().of(point.score()));
    }

    /** {@return bytes that a rank has sent at the end, the mean of all seeds} */
    public double bytes() {
        return recordings.stream()
                .mapToDouble(recording -> recording.last().bytes())
                .average()
                .orElseThrow();
    }

    /**
     * Whether training made it worse than it was.
     *
     * @param seed index of the seed.
     * @return whether that seed's run has, at the end, a loss above that at the start, or one that is not finite.
     */
    public boolean isDiverged(final int seed) {
        return recordings.get(seed).isWorseThanStart();
    }
}
