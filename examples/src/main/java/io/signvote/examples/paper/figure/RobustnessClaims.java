package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.figure.RobustnessLine.Combiner;
import io.signvote.examples.paper.figure.RobustnessLine.RateChoice;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The claims of figure 8.
 *
 * @param context with the seeds.
 * @param all     outcomes, by line.
 * @param most    the most ranks that invert in any line.
 */
record RobustnessClaims(FigureContext context, Map<RobustnessLine, Outcome> all, int most) {
    /** Rates below the one found without adversaries. */
    static final List<RateChoice> LOWER = List.of(RateChoice.THIRD, RateChoice.TENTH);

    private static final double LEARNS = 0.75;

    List<Claim> list() {
        return List.of(learns(), lower(), loses());
    }

    Collection<Outcome> of(final Combiner combiner) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().combiner() == combiner)
                .map(Map.Entry::getValue)
                .toList();
    }

    private Outcome vote(final int inverting) {
        return all.get(RobustnessLine.of(Combiner.VOTE, inverting));
    }

    private Claim learns() {
        final Outcome clean = vote(0);
        final ClaimChecks checks = new ClaimChecks(context);
        for (int inverting = 1; inverting <= most; inverting++) {
            final Outcome attacked = vote(inverting);
            checks.add(inverting + " invert", seed -> attacked.value(seed) >= LEARNS * clean.value(seed));
            checks.differ(less(attacked, clean), ClaimChecks.POINTS, seed -> attacked.value(seed) - clean.value(seed));
        }
        return checks.claim(Figure8.PROSE.claim("8-learns"), Results.means(of(Combiner.VOTE)));
    }

    private Claim lower() {
        final Outcome clean = vote(0);
        final Outcome same = vote(most);
        final ClaimChecks checks = new ClaimChecks(context);
        final List<Outcome> told = new ArrayList<>(List.of(same));
        for (final RateChoice rate : LOWER) {
            final Outcome lower = all.get(RobustnessLine.of(Combiner.VOTE, most).at(rate));
            told.add(lower);
            checks.add(
                    rate.label(), seed -> clean.value(seed) - lower.value(seed) < clean.value(seed) - same.value(seed));
            checks.differ(less(lower, same), ClaimChecks.POINTS, seed -> lower.value(seed) - same.value(seed));
        }
        return checks.claim(
                Figure8.PROSE.claim("8-lower-rate", "most", most),
                Results.means(told) + "; the rate is " + same.found().rate());
    }

    private Claim loses() {
        final ClaimChecks checks = new ClaimChecks(context);
        for (int i = 1; i <= most; i++) {
            final RobustnessLine vote = RobustnessLine.of(Combiner.VOTE, i);
            final RobustnessLine mean = RobustnessLine.of(Combiner.MEAN, i);
            checks.add(i + " invert", seed -> lost(vote, seed) < lost(mean, seed));
            checks.differ(
                    "lost by " + vote.label() + " less lost by " + mean.label(),
                    ClaimChecks.POINTS,
                    seed -> lost(vote, seed) - lost(mean, seed));
        }
        return checks.claim(Figure8.PROSE.claim("8-loses-less"), "averaging: " + Results.means(of(Combiner.MEAN)));
    }

    /** Points of accuracy that adversaries cost a line. */
    private double lost(final RobustnessLine attacked, final int seed) {
        return all.get(RobustnessLine.of(attacked.combiner(), 0)).value(seed)
                - all.get(attacked).value(seed);
    }

    private static String less(final Outcome one, final Outcome other) {
        return one.contender().label() + " less " + other.contender().label();
    }
}
