package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Check;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What figure 5 asks of its outcomes and of the times of their steps.
 *
 * @param bench with the seeds.
 * @param times of steps.
 * @param vote  Signum's outcome.
 * @param mean  SGD's.
 */
record TimeClaims(Bench bench, StepTimes times, Outcome vote, Outcome mean) {
    private static final double CLOSE = 2;
    private static final double SHARE_USED = 0.75;
    private static final double NEARLY = 0.98;

    List<Claim> list() {
        return List.of(faster(), loss(), saving(), sooner());
    }

    private Claim faster() {
        return new Claim(
                "5-faster",
                Kind.PAPER,
                "the same number of steps takes less time by vote (25 % less in the paper)",
                "a step of Signum takes less time than a step of SGD, at each rate",
                times.trained().stream()
                        .map(step -> new Check(step.link().toString(), step.voteMs() < step.meanMs()))
                        .toList(),
                told(times.trained(), step -> StepTimes.percent(step.saving()) + " less"));
    }

    private Claim loss() {
        return new Checks(bench)
                .add("accuracy", seed -> isSlight(mean.value(seed) - vote.value(seed)))
                .differ("Signum less SGD", Checks.POINTS, seed -> vote.value(seed) - mean.value(seed))
                .claim(
                        "5-slight-loss",
                        Kind.PAPER,
                        "at a slight loss of accuracy",
                        "accuracy at the end is below SGD's by at most " + CLOSE + " points, or equal",
                        Results.number(vote.mean()) + " % by vote, " + Results.number(mean.mean()) + " % by averaging");
    }

    private static boolean isSlight(final double loss) {
        return loss >= 0 && loss <= CLOSE;
    }

    private Claim saving() {
        return new Claim(
                "5-saving",
                Kind.QUESTION,
                "does the vote save nearly all of the time that averaging spends communicating? (the paper has 25 % less time;"
                        + " that this is nearly all, of at most 27 %, is arithmetic of ours)",
                "the time saved is at least three quarters of 31/32 of the share, and not more than that, at each rate and batch",
                times.all().stream()
                        .map(step -> new Check(
                                step.link() + ", batch " + step.batch(),
                                step.saving() >= SHARE_USED * StepTimes.MOST * step.share()
                                        && step.saving() <= StepTimes.MOST * step.share()))
                        .toList(),
                told(
                        times.all(),
                        step -> StepTimes.percent(step.saving()) + " of "
                                + StepTimes.percent(step.share() * StepTimes.MOST) + " with a batch of "
                                + step.batch()));
    }

    private Claim sooner() {
        final Checks checks = new Checks(bench);
        for (final StepTimes.Step step : times.trained()) {
            checks.add(step.link().toString(), seed -> voteSeconds(step, seed) < meanSeconds(step, seed));
            checks.differ(
                    "Signum less SGD at " + step.link(),
                    "s",
                    seed -> voteSeconds(step, seed) - meanSeconds(step, seed));
        }
        return checks.claim(
                "5-sooner",
                Kind.PAPER,
                "in time, the vote is ahead",
                "Signum reaches " + NEARLY
                        + " of SGD's final accuracy sooner than SGD does, on the straight lines between" + " scores",
                told(
                                times.trained(),
                                step -> String.format(
                                        Locale.ROOT,
                                        "%.2f s by vote, %.2f s by averaging",
                                        voteSeconds(step, 0),
                                        meanSeconds(step, 0)))
                        + ", seed " + bench.seed());
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
