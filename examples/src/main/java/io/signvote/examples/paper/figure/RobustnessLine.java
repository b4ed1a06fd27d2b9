package io.signvote.examples.paper.figure;

import io.signvote.examples.adversary.Attack;

/**
 * A line of figure 8.
 *
 * @param combiner    of the gradients of all ranks.
 * @param adversaries ranks that attack.
 * @param attack      of these, the same for all.
 * @param rate        that all ranks train at.
 */
record RobustnessLine(Combiner combiner, int adversaries, Attack attack, RateChoice rate) {
    /** Makes one step of the gradients of all ranks. */
    enum Combiner {
        /** Signum with majority vote. */
        VOTE("vote"),
        /** SGD on exact averages. */
        MEAN("mean");

        private final String label;

        Combiner(final String label) {
            this.label = label;
        }
    }

    /** How the rate of a line is chosen. */
    enum RateChoice {
        /** The rate that a search without adversaries finds. */
        CLEAN(1, ""),
        /** A third of it. */
        THIRD(3, "rate / 3"),
        /** A tenth of it. */
        TENTH(10, "rate / 10"),
        /** The rate that a search under attack finds. */
        OWN(1, "own rate");

        private final int divisor;
        private final String label;

        RateChoice(final int divisor, final String label) {
            this.divisor = divisor;
            this.label = label;
        }

        /** The number that divides the rate of the search. */
        int divisor() {
            return divisor;
        }

        /** For people; empty for {@link #CLEAN}. */
        String label() {
            return label;
        }
    }

    /** A line at the rate found without adversaries, with some ranks that invert. */
    static RobustnessLine of(final Combiner combiner, final int inverting) {
        return new RobustnessLine(combiner, inverting, Attack.INVERT, RateChoice.CLEAN);
    }

    /** The same ranks at another rate. */
    RobustnessLine at(final RateChoice another) {
        return new RobustnessLine(combiner, adversaries, attack, another);
    }

    /** For charts and tables. */
    String label() {
        return combiner.label + ", " + adversaries + (attack == Attack.COLLUDE ? " collude" : " invert")
                + (rate == RateChoice.CLEAN ? "" : ", " + rate.label);
    }
}
