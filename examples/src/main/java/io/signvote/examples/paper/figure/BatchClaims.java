package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;

/**
 * What figure 11 asks of its outcomes. The paper says that Signum's performance is seen to improve with the batch size.
 *
 * @param bench   with the seeds.
 * @param signums Signum's outcomes, by growing batch.
 * @param adam    the reference.
 */
record BatchClaims(Bench bench, List<Outcome> signums, Outcome adam) {
    /** After this share of the steps the rate falls. */
    private static final double AT_PEAK = 2.0 / 3;

    List<Claim> list() {
        return List.of(passes(), steps());
    }

    private Claim passes() {
        return growing(Outcome::value)
                .claim(
                        "11-passes",
                        Kind.PAPER,
                        "Signum improves with larger batches: after as much text",
                        "after as much text, the loss at the end is lower with the next larger batch",
                        signums.stream()
                                        .map(outcome -> Language.told(outcome.mean()) + " with "
                                                + outcome.contender().label())
                                        .collect(Collectors.joining("; "))
                                + "; " + Language.told(adam.mean()) + " with "
                                + adam.contender().label());
    }

    private Claim steps() {
        final int step = (int)
                (AT_PEAK * signums.get(signums.size() - 1).contender().base().steps());
        return growing((outcome, seed) -> at(outcome, seed, step))
                .claim(
                        "11-steps",
                        Kind.PAPER,
                        "Signum improves with larger batches: after as many steps",
                        "after " + step
                                + " steps, when all are still at their full rate, the loss is lower with the next larger batch",
                        signums.stream()
                                .map(outcome -> Language.told(at(outcome, 0, step)) + " with "
                                        + outcome.contender().label())
                                .collect(Collectors.joining("; ", "", ", seed " + bench.seed())));
    }

    private Checks growing(final ToDoubleBiFunction<Outcome, Integer> loss) {
        final Checks checks = new Checks(bench);
        for (int i = 1; i < signums.size(); i++) {
            final Outcome smaller = signums.get(i - 1);
            final Outcome larger = signums.get(i);
            checks.add(
                    larger.contender().label() + " below " + smaller.contender().label(),
                    seed -> loss.applyAsDouble(larger, seed) < loss.applyAsDouble(smaller, seed));
            checks.differ(
                    larger.contender().label() + " less " + smaller.contender().label(),
                    Language.UNIT,
                    seed -> loss.applyAsDouble(larger, seed) - loss.applyAsDouble(smaller, seed));
        }
        return checks;
    }

    private static double at(final Outcome outcome, final int seed, final int step) {
        return outcome.recordings().get(seed).valueAt(outcome.measure(), ScoredPoint::step, step);
    }
}
