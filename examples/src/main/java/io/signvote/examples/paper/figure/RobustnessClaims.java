package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What figure 8 asks of its outcomes.
 *
 * @param bench with the seeds.
 * @param all   outcomes, by label.
 * @param most  ranks that invert, the most of any line.
 */
record RobustnessClaims(Bench bench, Map<String, Outcome> all, int most) {
    static final String VOTE = "vote";
    static final String MEAN = "mean";
    /** What the rate found without adversaries is divided by, for lines at lower ones. */
    static final List<Integer> DIVISORS = List.of(3, 10);

    private static final double LEARNS = 0.75;

    static String label(final String name, final int liars) {
        return name + ", " + liars + " invert";
    }

    static String label(final String name, final int liars, final int divisor) {
        return label(name, liars) + ", rate / " + divisor;
    }

    List<Claim> list() {
        return List.of(learns(), lower(), loses());
    }

    Collection<Outcome> of(final String name) {
        return all.values().stream()
                .filter(outcome -> outcome.contender().label().startsWith(name + ","))
                .toList();
    }

    private Claim learns() {
        final Outcome clean = all.get(label(VOTE, 0));
        final Checks checks = new Checks(bench);
        for (int liars = 1; liars <= most; liars++) {
            final Outcome attacked = all.get(label(VOTE, liars));
            checks.add(liars + " invert", seed -> attacked.value(seed) >= LEARNS * clean.value(seed));
            checks.differ(less(attacked, clean), Checks.POINTS, seed -> attacked.value(seed) - clean.value(seed));
        }
        return checks.claim(
                "8-learns",
                Kind.PAPER,
                "the vote still learns with up to 43 % of the ranks inverting, at the same settings",
                "accuracy is at least three quarters of that without adversaries",
                Results.means(of(VOTE)));
    }

    private Claim lower() {
        final Outcome clean = all.get(label(VOTE, 0));
        final Outcome same = all.get(label(VOTE, most));
        final Checks checks = new Checks(bench);
        final List<Outcome> told = new ArrayList<>(List.of(same));
        for (final int divisor : DIVISORS) {
            final Outcome lower = all.get(label(VOTE, most, divisor));
            told.add(lower);
            checks.add(
                    "rate / " + divisor,
                    seed -> clean.value(seed) - lower.value(seed) < clean.value(seed) - same.value(seed));
            checks.differ(less(lower, same), Checks.POINTS, seed -> lower.value(seed) - same.value(seed));
        }
        return checks.claim(
                "8-lower-rate",
                Kind.PAPER,
                "with 43 % inverting, training is better at a lower rate",
                "of the accuracy without adversaries, less is lost to " + most
                        + " that invert at a third and at a tenth of the rate than at the rate itself; in as many steps",
                Results.means(told) + "; the rate is " + same.found().rate());
    }

    private Claim loses() {
        final Checks checks = new Checks(bench);
        for (int liars = 1; liars <= most; liars++) {
            final String with = label(VOTE, liars);
            final String without = label(MEAN, liars);
            checks.add(liars + " invert", seed -> lost(VOTE, with, seed) < lost(MEAN, without, seed));
            checks.differ(
                    "lost by " + with + " less lost by " + without,
                    Checks.POINTS,
                    seed -> lost(VOTE, with, seed) - lost(MEAN, without, seed));
        }
        return checks.claim(
                "8-loses-less",
                Kind.PAPER,
                "the vote is more robust than averaging",
                "the vote loses fewer points of accuracy to inverting ranks than averaging does, each at its own rate",
                "averaging: " + Results.means(of(MEAN)));
    }

    /** Points that a line with adversaries is below the one without. */
    private double lost(final String name, final String attacked, final int seed) {
        return all.get(label(name, 0)).value(seed) - all.get(attacked).value(seed);
    }

    private static String less(final Outcome one, final Outcome other) {
        return one.contender().label() + " less " + other.contender().label();
    }
}
