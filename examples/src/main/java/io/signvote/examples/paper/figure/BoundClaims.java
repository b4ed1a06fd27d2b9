package io.signvote.examples.paper.figure;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.paper.report.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The claims on the theorems' bounds, and on a control that the theorems promise nothing for.
 *
 * @param context   with the seeds.
 * @param first   theorem 1.
 * @param second  theorem 2.
 * @param control as theorem 2, with more than half inverting.
 */
record BoundClaims(FigureContext context, List<BoundCheck> first, List<BoundCheck> second, List<BoundCheck> control) {
    List<Claim> list() {
        final List<BoundCheck> attacked =
                BoundCheck.some(second, each -> each.participants().attack() == Attack.INVERT);
        final List<BoundCheck> blind = BoundCheck.some(
                second,
                each -> each.participants().liars() > 0 && each.participants().attack() != Attack.INVERT);
        final List<Claim> claims = new ArrayList<>(List.of(
                bounded("rates-1", first),
                bounded(
                        "rates-2",
                        BoundCheck.some(second, each -> each.participants().liars() == 0))));
        if (!attacked.isEmpty()) {
            claims.add(bounded("rates-2-adversaries", attacked));
        }
        if (!blind.isEmpty()) {
            claims.add(bounded("rates-2-blind", blind));
        }
        claims.add(rises());
        return claims;
    }

    private Claim bounded(final String id, final List<BoundCheck> these) {
        final ClaimChecks checks = new ClaimChecks(context);
        these.forEach(
                check -> checks.add(check.of().line() + ", K=" + check.of().steps(), seed -> check.ratio(seed) <= 1));
        final BoundCheck nearest = these.stream()
                .max(Comparator.comparingDouble(BoundCheck::worst))
                .orElseThrow();
        return checks.claim(
                RatesFigure.PROSE.claim(id),
                "at most " + Results.number(nearest.worst()) + " of the bound: with "
                        + nearest.of().line() + " at K=" + nearest.of().steps());
    }

    /** The control. It shows that the runs can fail. */
    private Claim rises() {
        final ClaimChecks checks = new ClaimChecks(context);
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
                RatesFigure.PROSE.claim("rates-control", "first", start.of().steps()),
                "with " + last.of().line() + " from " + Results.number(start.mean()) + " at K="
                        + start.of().steps() + " to " + Results.number(last.mean()) + " at K="
                        + last.of().steps());
    }
}
