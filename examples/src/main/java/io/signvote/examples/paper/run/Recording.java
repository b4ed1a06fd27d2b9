package io.signvote.examples.paper.run;

import io.signvote.examples.task.Measure;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a run came to.
 *
 * @param points the start, then as many as the settings ask for. Where parameters are no longer finite the run ends, and all points
 *               from there on say what they are worth.
 */
public record Recording(List<ScoredPoint> points) {
    /** Copies the list. */
    public Recording {
        points = List.copyOf(points);
    }

    /** {@return the last point} */
    public ScoredPoint last() {
        return points.get(points.size() - 1);
    }

    /**
     * The value at the end.
     *
     * @param measure what scores are told by.
     * @return its value.
     */
    public double value(final Measure measure) {
        return measure.of(last().score());
    }

    /**
     * The value where a number of the points has some size, on the straight line between two points.
     *
     * @param measure what scores are told by.
     * @param number  of a point, growing from point to point.
     * @param wanted  its size; beyond the last point, the value there.
     * @return between the values of two points.
     */
    public double valueAt(final Measure measure, final ToDoubleFunction<ScoredPoint> number, final double wanted) {
        int next = 1;
        while (next < points.size() - 1 && number.applyAsDouble(points.get(next)) < wanted) {
            next++;
        }
        final double from = number.applyAsDouble(points.get(next - 1));
        final double to = number.applyAsDouble(points.get(next));
        // a run that was given up sends no more: its number may stand still
        final double share = to > from ? Math.min(1, (wanted - from) / (to - from)) : 1;
        final double before = measure.of(points.get(next - 1).score());
        return before + share * (measure.of(points.get(next).score()) - before);
    }

    /**
     * Where the value first reaches a level, on the straight line between two points.
     *
     * @param measure what scores are told by; it grows as training goes on.
     * @param number  of a point, growing from point to point.
     * @param level   of the value.
     * @return the number there; infinite where no point has so high a value.
     */
    public double firstAt(final Measure measure, final ToDoubleFunction<ScoredPoint> number, final double level) {
        for (int i = 0; i < points.size(); i++) {
            final double value = measure.of(points.get(i).score());
            if (value >= level) {
                final double to = number.applyAsDouble(points.get(i));
                final double before =
                        i == 0 ? Double.NaN : measure.of(points.get(i - 1).score());
                if (!Double.isFinite(before)) {
                    return to;
                }
                final double from = number.applyAsDouble(points.get(i - 1));
                return from + (level - before) / (value - before) * (to - from);
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** {@return whether the parameters did not stay finite} */
    public boolean isDiverged() {
        return !Double.isFinite(last().score().loss());
    }

    /** {@return whether it ends no better than it began: with a loss above that at the start, or one that is not finite} */
    public boolean isWorseThanStart() {
        return isDiverged() || last().score().loss() > points.get(0).score().loss();
    }

    /**
     * A number of every point.
     *
     * @param number of a point.
     * @return in the order of the points.
     */
    public double[] column(final ToDoubleFunction<ScoredPoint> number) {
        return points.stream().mapToDouble(number).toArray();
    }
}
