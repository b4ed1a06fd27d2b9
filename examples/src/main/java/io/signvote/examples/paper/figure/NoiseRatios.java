package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.GradientSurvey.Ratios;
import io.signvote.examples.paper.stats.StudentT;
import io.signvote.examples.task.Quadratic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The ratio of signal and noise over training, figure 3. */
final class NoiseRatios {
    private NoiseRatios() {}

    static List<Panel> panels(final List<GradientSurvey> surveys) {
        return List.of(
                panel(
                        "Mean and median",
                        surveys,
                        false,
                        List.of("mean", "median"),
                        List.of(Ratios::mean, Ratios::median)),
                panel("Greatest", surveys, false, List.of("greatest"), List.of(Ratios::greatest)),
                panel(
                        "Weights above the critical ratio",
                        surveys,
                        true,
                        List.of("% of weights that have noise"),
                        List.of(NoiseRatios::above)));
    }

    private static LinePanel panel(
            final String title,
            final List<GradientSurvey> surveys,
            final boolean isShare,
            final List<String> names,
            final List<ToDoubleFunction<Ratios>> numbers) {
        final LinePanel panel = new LinePanel(title, "epoch", isShare ? "%" : "|mean| / deviation").legendAbove();
        for (int i = 0; i < names.size(); i++) {
            panel.add(Line.of(
                    names.get(i), numbers(surveys, Ratios::epoch), numbers(surveys, numbers.get(i)), Line.Look.MARKED));
        }
        if (!isShare) {
            panel.add(Line.level("2 / sqrt(3)", 0, last(surveys.get(0)).epoch(), Quadratic.CRITICAL_RATIO));
        }
        return panel;
    }

    private static double above(final Ratios ratios) {
        return 100.0 * ratios.above() / ratios.noisy();
    }

    /** Weights that would be above if no mean were other than 0 and the noise normal. */
    private static double chance(final Ratios ratios) {
        return ratios.noisy() * StudentT.above(ratios.batches(), Quadratic.CRITICAL_RATIO);
    }

    private static double[][] numbers(final List<GradientSurvey> surveys, final ToDoubleFunction<Ratios> number) {
        return surveys.stream()
                .map(survey -> survey.ratios().stream().mapToDouble(number).toArray())
                .toArray(double[][]::new);
    }

    static Table table(final FigureContext context, final List<GradientSurvey> surveys, final int batch) {
        final List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < surveys.size(); i++) {
            for (final Ratios r : surveys.get(i).ratios()) {
                rows.add(List.of(
                        String.valueOf(context.seed() + i),
                        String.valueOf(r.epoch()),
                        String.valueOf(r.batches()),
                        Results.number(r.loss()),
                        Results.number(r.mean()),
                        Results.number(r.median()),
                        Results.number(r.greatest()),
                        String.valueOf(r.above()),
                        Results.number(chance(r)),
                        String.valueOf(r.noisy()),
                        String.valueOf(r.nearlySilent()),
                        String.valueOf(r.silent())));
            }
        }
        return new Table(
                "ratio of signal and noise, batch " + batch,
                List.of(
                        "seed",
                        "epoch",
                        "mini-batches",
                        "loss",
                        "mean",
                        "median",
                        "greatest",
                        "above 2/sqrt(3)",
                        "by chance",
                        "weights with noise",
                        "nearly silent, left out",
                        "without noise, left out"),
                rows);
    }

    static Claim falls(final FigureContext context, final List<GradientSurvey> surveys) {
        final ClaimChecks checks = new ClaimChecks(context)
                .add(
                        "mean",
                        i -> last(surveys.get(i)).mean()
                                < surveys.get(i).ratios().get(0).mean())
                .differ(
                        "last epoch less first",
                        "",
                        i -> last(surveys.get(i)).mean()
                                - surveys.get(i).ratios().get(0).mean());
        return checks.claim(
                Figures2And3.PROSE.claim("3-falls"),
                Results.number(surveys.get(0).ratios().get(0).mean()) + " at first, "
                        + Results.number(last(surveys.get(0)).mean()) + " at the end, seed " + context.seed());
    }

    static Claim below(final FigureContext context, final List<GradientSurvey> surveys) {
        final int horizon = last(surveys.get(0)).epoch();
        final ClaimChecks checks = new ClaimChecks(context)
                .add("all weights", i -> last(surveys.get(i)).above() == 0);
        return checks.claim(
                Figures2And3.PROSE.claim("3-below-critical", "horizon", horizon),
                surveys.get(0).ratios().get(0).above() + " above at first, "
                        + last(surveys.get(0)).above() + " at epoch "
                        + horizon + ", " + Results.number(chance(last(surveys.get(0)))) + " by chance, seed "
                        + context.seed() + "; by seed "
                        + surveys.stream()
                                .map(survey -> String.valueOf(last(survey).above()))
                                .collect(Collectors.joining(" ")));
    }

    private static Ratios last(final GradientSurvey survey) {
        return survey.ratios().get(survey.ratios().size() - 1);
    }
}
