package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Histogram;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Histograms of the gradients of single weights. */
final class NoiseCharts {
    private static final int BINS = 25;
    /** Of the values on either side that need not be shown. */
    private static final double TAIL = 0.01;

    private NoiseCharts() {}

    static List<Panel> histograms(final GradientSurvey survey, final List<Integer> batches, final long seed) {
        final List<Panel> panels = new ArrayList<>();
        for (final int batch : batches) {
            survey.samples().stream()
                    .filter(sample -> sample.batch() == batch)
                    .mapToInt(Sample::weight)
                    .distinct()
                    .forEach(weight -> panels.add(panel(
                            "Weight " + weight + ", batch " + batch + ", seed " + seed,
                            survey.samples().stream()
                                    .filter(sample -> sample.batch() == batch && sample.weight() == weight)
                                    .filter(sample -> sample.nonzeros().length > 0)
                                    .toList())));
        }
        return panels;
    }

    private static LinePanel panel(final String title, final List<Sample> samples) {
        final List<double[]> shown =
                samples.stream().map(NoiseCharts::standardised).toList();
        final double from = Math.floor(shown.stream()
                .mapToDouble(values -> quantile(values, TAIL))
                .min()
                .orElse(0));
        final double to = Math.max(
                from + 1,
                Math.ceil(shown.stream()
                        .mapToDouble(values -> quantile(values, 1 - TAIL))
                        .max()
                        .orElse(1)));
        final double beyond = shown.stream()
                .mapToDouble(values -> Histogram.beyond(values, from, to))
                .max()
                .orElse(0);
        final LinePanel panel = new LinePanel(
                        title,
                        "gradient, in deviations"
                                + (beyond == 0
                                        ? ""
                                        : String.format(Locale.ROOT, "; up to %.1f %% beyond", 100 * beyond)),
                        "share of those not exactly 0 (% that are)")
                .legendBelow();
        for (int i = 0; i < shown.size(); i++) {
            final double zeros = samples.get(i).zeros();
            final String name = "epoch " + samples.get(i).epoch()
                    + (zeros == 0 ? "" : String.format(Locale.ROOT, " (%.0f %%)", 100 * zeros));
            panel.add(Histogram.of(name, shown.get(i), from, to, BINS));
        }
        return panel;
    }

    /** Those not exactly 0, ascending, in units of their deviation. */
    private static double[] standardised(final Sample sample) {
        final double[] values = sample.nonzeros();
        final double mean = Arrays.stream(values).average().orElseThrow();
        final double square = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        return Arrays.stream(values)
                .map(value -> square == 0 ? 0 : value / Math.sqrt(square))
                .sorted()
                .toArray();
    }

    private static double quantile(final double[] sorted, final double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
