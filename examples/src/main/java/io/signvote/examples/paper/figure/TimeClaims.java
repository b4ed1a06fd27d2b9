package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The claims of figure 5.
 *
 * @param context with the seeds.
 * @param times of the steps.
 * @param vote  Signum's outcome.
 * @param mean  SGD's.
 */
record TimeClaims(FigureContext context, StepTimes times, Outcome vote, Outcome mean) {
    private static final int CLOSE = 2;
    private static final double SHARE_USED = 0.75;
    private static final double NEARLY = 0.98;

    List<Claim> list() {
        return List.of(faster(), loss(), saving(), sooner());
    }

    private Claim faster() {
        final ClaimChecks checks = new ClaimChecks(context);
        times.trained().forEach(step -> checks.once(step.link().toString(), step.voteMs() < step.meanMs()));
        return checks.claim(
                Figure5.PROSE.claim("5-faster"),
                told(times.trained(), step -> StepTimes.percent(step.saving()) + " less"));
    }

    private Claim loss() {
        return new ClaimChecks(context)
                .add("accuracy", seed -> isSlight(mean.value(seed) - vote.value(seed)))
                .differ("Signum less SGD", ClaimChecks.POINTS, seed -> vote.value(seed) - mean.value(seed))
                .claim(
                        Figure5.PROSE.claim("5-slight-loss", "close", CLOSE),
                        Results.number(vote.mean()) + " % by vote, " + Results.number(mean.mean()) + " % by averaging");
    }

    private static boolean isSlight(final double loss) {
        return loss >= 0 && loss <= CLOSE;
    }

    private Claim saving() {
        final ClaimChecks checks = new ClaimChecks(context);
        for (final StepTimes.Step step : times.all()) {
            checks.once(
                    step.link() + ", batch " + step.batch(),
                    step.saving() >= SHARE_USED * StepTimes.MOST * step.share()
                            && step.saving() <= StepTimes.MOST * step.share());
        }
        return checks.claim(
                Figure5.PROSE.claim("5-saving"),
                told(
                        times.all(),
                        step -> StepTimes.percent(step.saving()) + " of "
                                + StepTimes.percent(step.share() * StepTimes.MOST) + " with a batch of "
                                + step.batch()));
    }

    private Claim sooner() {
        final ClaimChecks checks = new ClaimChecks(context);
        for (final StepTimes.Step step : times.trained()) {
            checks.add(step.link().toString(), seed -> voteSeconds(step, seed) < meanSeconds(step, seed));
            checks.differ(
                    "Signum less SGD at " + step.link(),
                    "s",
                    seed -> voteSeconds(step, seed) - meanSeconds(step, seed));
        }
        return checks.claim(
                Figure5.PROSE.claim("5-sooner", "nearly", NEARLY),
                told(
                                times.trained(),
                                step -> String.format(
                                        Locale.ROOT,
                                        "%.2f s by vote, %.2f s by averaging",
                                        voteSeconds(step, 0),
                                        meanSeconds(step, 0)))
                        + ", seed " + context.seed());
    }

    private double voteSeconds(final StepTimes.Step step, final int seed) {
        return stepsTo(NEARLY * mean.value(seed), vote, seed) * step.voteMs() / 1e3;
    }

    private double meanSeconds(final StepTimes.Step step, final int seed) {
        return stepsTo(NEARLY * mean.value(seed), mean, seed) * step.meanMs() / 1e3;
    }

    private static double stepsTo(final double accuracy, final Outcome outcome, final int seed) {
        return outcome.recordings().get(seed).firstAt(outcome.measure(), ScoredPoint::step, accuracy);
    }

    private static String told(final List<StepTimes.Step> steps, final Function<StepTimes.Step, String> what) {
        return steps.stream()
                .map(step -> what.apply(step) + " at " + step.link())
                .collect(Collectors.joining("; "));
    }
}
