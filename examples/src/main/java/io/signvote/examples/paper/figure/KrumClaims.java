package io.signvote.examples.paper.figure;

import io.signvote.examples.method.Method;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The claims of figure 9.
 *
 * @param context with the seeds.
 * @param all     outcomes, by line.
 * @param vote    signSGD with majority vote.
 * @param krums   Multi-Krum with each m.
 * @param mean    SGD on exact averages.
 * @param f       adversaries that Multi-Krum is told of.
 */
record KrumClaims(
        FigureContext context, Map<KrumLine, Outcome> all, Method vote, List<Method> krums, Method mean, int f) {
    private static final double LEARNS = 0.75;

    List<Claim> list() {
        return List.of(learns(), breaks(), diverges());
    }

    private Claim learns() {
        final Outcome clean = all.get(KrumLine.clean(vote));
        final List<Outcome> voted = KrumLine.of(all, vote);
        final ClaimChecks checks = new ClaimChecks(context);
        voted.stream()
                .filter(outcome -> outcome != clean)
                .forEach(outcome -> checks.add(outcome.contender().label(), seed -> learns(outcome, seed))
                        .differ(
                                less(outcome, clean),
                                ClaimChecks.POINTS,
                                seed -> outcome.value(seed) - clean.value(seed)));
        return checks.claim(Figure9.PROSE.claim("9-vote-learns"), Results.means(voted));
    }

    private Claim breaks() {
        final Outcome voted = all.get(KrumLine.negative(vote, f + 1));
        final ClaimChecks checks = new ClaimChecks(context);
        final List<Outcome> told = new ArrayList<>(List.of(voted));
        for (final Method krum : krums) {
            final Outcome krummed = all.get(KrumLine.negative(krum, f + 1));
            told.add(krummed);
            checks.add(krum.name(), seed -> krummed.value(seed) < voted.value(seed));
            checks.differ(less(krummed, voted), ClaimChecks.POINTS, seed -> krummed.value(seed) - voted.value(seed));
        }
        return checks.claim(Figure9.PROSE.claim("9-beyond-f", "adversaries", f + 1), Results.means(told));
    }

    private Claim diverges() {
        final Outcome averaged = all.get(KrumLine.negative(mean, 1));
        final Outcome voted = all.get(KrumLine.negative(vote, 1));
        final Outcome clean = all.get(KrumLine.clean(vote));
        return new ClaimChecks(context)
                .add("averaging", averaged::isDiverged)
                .add("vote", seed -> !voted.isDiverged(seed) && learns(voted, seed))
                .differ(less(voted, clean), ClaimChecks.POINTS, seed -> voted.value(seed) - clean.value(seed))
                .claim(Figure9.PROSE.claim("9-one-sender"), Results.means(List.of(averaged, voted)));
    }

    private static String less(final Outcome one, final Outcome other) {
        return one.contender().label() + " less " + other.contender().label();
    }

    private boolean learns(final Outcome voted, final int seed) {
        return voted.value(seed) >= LEARNS * all.get(KrumLine.clean(vote)).value(seed);
    }
}
