package io.signvote.examples.paper.figure;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What figure 9 asks of its outcomes.
 *
 * @param bench with the seeds.
 * @param all   outcomes, by label.
 * @param vote  name of the vote.
 * @param krums names of Multi-Krum with each m.
 * @param mean  name of averaging.
 * @param liars that Multi-Krum is told of.
 */
record KrumClaims(Bench bench, Map<String, Outcome> all, String vote, List<String> krums, String mean, int liars) {
    private static final double LEARNS = 0.75;

    static String label(final String method, final Attack attack, final int liars) {
        return method + ", " + (liars == 0 ? "none" : liars + (attack == Attack.NEGATIVE ? " negative" : " random"));
    }

    List<Claim> list() {
        return List.of(learns(), breaks(), diverges());
    }

    private Claim learns() {
        final Outcome clean = all.get(label(vote, null, 0));
        final List<Outcome> voted = all.values().stream()
                .filter(outcome -> outcome.contender().label().startsWith(vote + ", "))
                .toList();
        final Checks checks = new Checks(bench);
        voted.stream()
                .filter(outcome -> outcome != clean)
                .forEach(outcome -> checks.add(outcome.contender().label(), seed -> learns(outcome, seed))
                        .differ(less(outcome, clean), Checks.POINTS, seed -> outcome.value(seed) - clean.value(seed)));
        return checks.claim(
                "9-vote-learns",
                Kind.PAPER,
                "the vote learns with up to three such adversaries",
                "accuracy is at least three quarters of that without adversaries",
                Results.means(voted));
    }

    private Claim breaks() {
        final Outcome voted = all.get(label(vote, Attack.NEGATIVE, liars + 1));
        final Checks checks = new Checks(bench);
        final List<Outcome> told = new ArrayList<>(List.of(voted));
        for (final String krum : krums) {
            final Outcome krummed = all.get(label(krum, Attack.NEGATIVE, liars + 1));
            told.add(krummed);
            checks.add(krum, seed -> krummed.value(seed) < voted.value(seed));
            checks.differ(less(krummed, voted), Checks.POINTS, seed -> krummed.value(seed) - voted.value(seed));
        }
        return checks.claim(
                "9-beyond-f",
                Kind.PAPER,
                "Multi-Krum fails when there are more adversaries than it was told of; the vote degrades gracefully",
                "with " + (liars + 1) + " negative adversaries Multi-Krum's accuracy is below the vote's, for each m",
                Results.means(told));
    }

    private Claim diverges() {
        final Outcome averaged = all.get(label(mean, Attack.NEGATIVE, 1));
        final Outcome voted = all.get(label(vote, Attack.NEGATIVE, 1));
        final Outcome clean = all.get(label(vote, null, 0));
        return new Checks(bench)
                .add("averaging", averaged::isDiverged)
                .add("vote", seed -> !voted.isDiverged(seed) && learns(voted, seed))
                .differ(less(voted, clean), Checks.POINTS, seed -> voted.value(seed) - clean.value(seed))
                .claim(
                        "9-one-sender",
                        Kind.PAPER,
                        "a single rank can spoil an average, but not a vote",
                        "with one rank sending -10 g averaging diverges (" + Results.DIVERGED
                                + "); the vote does not, and comes to at least three quarters of its accuracy without",
                        Results.means(List.of(averaged, voted)));
    }

    private static String less(final Outcome one, final Outcome other) {
        return one.contender().label() + " less " + other.contender().label();
    }

    private boolean learns(final Outcome voted, final int seed) {
        return voted.value(seed) >= LEARNS * all.get(label(vote, null, 0)).value(seed);
    }
}
