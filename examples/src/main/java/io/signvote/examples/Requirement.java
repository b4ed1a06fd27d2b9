package io.signvote.examples;

import java.util.Locale;

/** A bound that a quickstart must keep, for {@code --require}. */
enum Requirement {
    /** Points of accuracy by which the vote may be below averaging. */
    POINTS("points below averaging", "at most") {
        @Override
        double measured(final Curve voted, final Curve averaged, final double seconds) {
            // two decimals, as in the report
            final double points = 1e2 * (averaged.finalAccuracy() - voted.finalAccuracy());
            return Double.isFinite(points) ? Math.round(1e2 * points) / 1e2 : points;
        }

        @Override
        boolean holds(final double measured, final double bound) {
            return measured <= bound;
        }
    },
    /** How many times fewer bytes the vote sends, at least. */
    BYTES("times fewer bytes", "at least") {
        @Override
        double measured(final Curve voted, final Curve averaged, final double seconds) {
            return averaged.meanSentBytes() / voted.meanSentBytes();
        }

        @Override
        boolean holds(final double measured, final double bound) {
            return measured >= bound;
        }
    },
    /** Seconds from the start of rank 0 to its report. */
    SECONDS("seconds", "less than") {
        @Override
        double measured(final Curve voted, final Curve averaged, final double seconds) {
            return seconds;
        }

        @Override
        boolean holds(final double measured, final double bound) {
            return measured < bound;
        }
    };

    private final String unit;
    private final String relation;

    Requirement(final String unit, final String relation) {
        this.unit = unit;
        this.relation = relation;
    }

    abstract double measured(Curve voted, Curve averaged, double seconds);

    abstract boolean holds(double measured, double bound);

    /** In words: what was measured, and what is required. */
    String describe(final double measured, final double bound) {
        return String.format(Locale.ROOT, "%.2f %s, required: %s %s", measured, unit, relation, bound);
    }
}
