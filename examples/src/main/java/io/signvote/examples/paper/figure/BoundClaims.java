package io.signvote.examples.paper.figure;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the rates are asked: the theorems' bounds, and a control beyond what they promise.
 *
 * @param bench   with the seeds.
 * @param first   theorem 1.
 * @param second  theorem 2.
 * @param control as theorem 2, with more than half inverting.
 */
record BoundClaims(Bench bench, List<BoundCheck> first, List<BoundCheck> second, List<BoundCheck> control) {
    List<Claim> list() {
        final List<BoundCheck> attacked =
                BoundCheck.some(second, each -> each.participants().attack() == Attack.INVERT);
        final List<BoundCheck> blind = BoundCheck.some(
                second,
                each -> each.participants().liars() > 0 && each.participants().attack() != Attack.INVERT);
        final List<Claim> claims = new ArrayList<>(List.of(
                bounded(
                        "rates-1",
                        "with noise of one peak and symmetric, signSGD converges with batches of 1, as 1 / sqrt(K) (theorem 1)",
                        first),
                bounded(
                        "rates-2",
                        "majority vote converges, its term of noise smaller by sqrt(M) (theorem 2, alpha = 0)",
                        BoundCheck.some(second, each -> each.participants().liars() == 0))));
        if (!attacked.isEmpty()) {
            claims.add(bounded(
                    "rates-2-adversaries",
                    "it still does with any share alpha below one half of the workers inverting, its term of noise larger by"
                            + " 1 / (1 - 2 alpha) (theorem 2)",
                    attacked));
        }
        if (!blind.isEmpty()) {
            claims.add(bounded(
                    "rates-2-blind",
                    "and with other blind multiplicative adversaries below one half: those that rescale, or randomise"
                            + " (theorem 2)",
                    blind));
        }
        claims.add(rises());
        return claims;
    }

    private Claim bounded(final String id, final String theorem, final List<BoundCheck> these) {
        final Checks checks = new Checks(bench);
        these.forEach(
                check -> checks.add(check.of().line() + ", K=" + check.of().steps(), seed -> check.ratio(seed) <= 1));
        final BoundCheck nearest = these.stream()
                .max(Comparator.comparingDouble(BoundCheck::worst))
                .orElseThrow();
        return checks.claim(
                id,
                Kind.THEOREM,
                theorem,
                "the left side is at most the right side, at every K and in every line",
                "at most " + Results.number(nearest.worst()) + " of the bound: with "
                        + nearest.of().line() + " at K=" + nearest.of().steps());
    }

    /** So that a reader sees that the runs can fail. */
    private Claim rises() {
        final Checks checks = new Checks(bench);
        final BoundCheck start = control.get(0);
        for (final BoundCheck check : control.subList(1, control.size())) {
            checks.add(
                    check.of().line() + ", K=" + check.of().steps(), seed -> check.left()[seed] >= start.left()[seed]);
            checks.differ(
                    "K=" + check.of().steps() + " less K=" + start.of().steps(),
                    "",
                    seed -> check.left()[seed] - start.left()[seed]);
        }
        final BoundCheck last = control.get(control.size() - 1);
        return checks.claim(
                "rates-control",
                Kind.QUESTION,
                "and with more than half inverting, outside the promise, does it fail?",
                "the left side does not fall as K grows: it is at least that at K="
                        + start.of().steps(),
                "with " + last.of().line() + " from " + Results.number(start.mean()) + " at K="
                        + start.of().steps() + " to " + Results.number(last.mean()) + " at K="
                        + last.of().steps());
    }
}
