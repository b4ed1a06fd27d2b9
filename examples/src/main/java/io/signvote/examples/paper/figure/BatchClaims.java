package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;

/**
 * The claims of figure 11. The paper says that Signum's performance is seen to improve with the batch size.
 *
 * @param context   with the seeds.
 * @param signums Signum's outcomes, by growing batch.
 * @param adam    the reference.
 */
record BatchClaims(FigureContext context, List<Outcome> signums, Outcome adam) {
    /** After this share of the steps the rate falls. */
    private static final double AT_PEAK = 2.0 / 3;

    List<Claim> list() {
        return List.of(passes(), steps());
    }

    private Claim passes() {
        return growing(Outcome::value)
                .claim(
                        Figure11.PROSE.claim("11-passes"),
                        signums.stream()
                                        .map(outcome -> LanguageModel.told(outcome.mean()) + " with "
                                                + outcome.contender().label())
                                        .collect(Collectors.joining("; "))
                                + "; " + LanguageModel.told(adam.mean()) + " with "
                                + adam.contender().label());
    }

    private Claim steps() {
        final int step = (int)
                (AT_PEAK * signums.get(signums.size() - 1).contender().base().steps());
        return growing((outcome, seed) -> at(outcome, seed, step))
                .claim(
                        Figure11.PROSE.claim("11-steps", "step", step),
                        signums.stream()
                                .map(outcome -> LanguageModel.told(at(outcome, 0, step)) + " with "
                                        + outcome.contender().label())
                                .collect(Collectors.joining("; ", "", ", seed " + context.seed())));
    }

    private ClaimChecks growing(final ToDoubleBiFunction<Outcome, Integer> loss) {
        final ClaimChecks checks = new ClaimChecks(context);
        for (int i = 1; i < signums.size(); i++) {
            final Outcome smaller = signums.get(i - 1);
            final Outcome larger = signums.get(i);
            checks.add(
                    larger.contender().label() + " below " + smaller.contender().label(),
                    seed -> loss.applyAsDouble(larger, seed) < loss.applyAsDouble(smaller, seed));
            checks.differ(
                    larger.contender().label() + " less " + smaller.contender().label(),
                    LanguageModel.UNIT,
                    seed -> loss.applyAsDouble(larger, seed) - loss.applyAsDouble(smaller, seed));
        }
        return checks;
    }

    private static double at(final Outcome outcome, final int seed, final int step) {
        return outcome.recordings().get(seed).valueAt(outcome.measure(), ScoredPoint::step, step);
    }
}
