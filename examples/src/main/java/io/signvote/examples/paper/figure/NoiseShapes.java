package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Histogram;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.run.Survey;
import io.signvote.examples.paper.run.Survey.Sample;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Check;
import io.signvote.examples.paper.sheet.Table;
import io.signvote.examples.paper.stats.DipTest;
import io.signvote.examples.paper.stats.SymmetryTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The shape of gradient noise, figure 2: histograms of single weights, and two tests of each. */
final class NoiseShapes {
    /** Samples that each test draws. */
    static final int DRAWS = 2000;

    /** Below it a p-value is a surprise, where there is but one test. */
    static final double LEVEL = 0.05;

    private static final int BINS = 25;
    private static final double SPAN = 4;

    private NoiseShapes() {}

    /** Of one sample: how likely it is where there is one peak, and where it is symmetric. */
    record Shape(long seed, Sample sample, double onePeak, double symmetric) {
        String name() {
            return "batch " + sample.batch() + ", epoch " + sample.epoch() + ", weight " + sample.weight() + ", seed "
                    + seed;
        }
    }

    static List<Shape> shapes(final Bench bench, final List<Survey> surveys) {
        final Map<Integer, DipTest> dips = new HashMap<>();
        final List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < surveys.size(); i++) {
            for (final Sample sample : surveys.get(i).samples()) {
                final DipTest dip =
                        dips.computeIfAbsent(sample.values().length, size -> new DipTest(size, DRAWS, bench.seed()));
                final SymmetryTest symmetry = new SymmetryTest(DRAWS, bench.seed());
                shapes.add(new Shape(
                        bench.seed() + i, sample, dip.pValue(sample.values()), symmetry.pValue(sample.values())));
            }
        }
        return shapes;
    }

    static List<Panel> histograms(final Survey survey, final List<Integer> batches, final long seed) {
        final List<Panel> panels = new ArrayList<>();
        for (final int batch : batches) {
            survey.samples().stream()
                    .filter(sample -> sample.batch() == batch)
                    .mapToInt(Sample::weight)
                    .distinct()
                    .forEach(weight -> {
                        final LinePanel panel = new LinePanel(
                                        "Weight " + weight + ", batch " + batch + ", seed " + seed,
                                        "gradient, in deviations",
                                        "share of mini-batches")
                                .legendAbove();
                        survey.samples().stream()
                                .filter(sample -> sample.batch() == batch && sample.weight() == weight)
                                .forEach(sample -> panel.add(Histogram.of(
                                        "epoch " + sample.epoch(), standardised(sample.values()), -SPAN, SPAN, BINS)));
                        panels.add(panel);
                    });
        }
        return panels;
    }

    private static double[] standardised(final double[] values) {
        final double mean = Arrays.stream(values).average().orElseThrow();
        final double square = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        return Arrays.stream(values)
                .map(value -> square == 0 ? 0 : value / Math.sqrt(square))
                .toArray();
    }

    static Table table(final List<Shape> shapes) {
        return new Table(
                "shape of the noise: p-values",
                List.of("seed", "batch", "epoch", "weight", "mini-batches", "one peak (dip)", "symmetric"),
                shapes.stream()
                        .map(shape -> List.of(
                                String.valueOf(shape.seed()),
                                String.valueOf(shape.sample().batch()),
                                String.valueOf(shape.sample().epoch()),
                                String.valueOf(shape.sample().weight()),
                                String.valueOf(shape.sample().values().length),
                                String.format(Locale.ROOT, "%.4f", shape.onePeak()),
                                String.format(Locale.ROOT, "%.4f", shape.symmetric())))
                        .toList());
    }

    static Claim claim(
            final List<Shape> shapes,
            final int batch,
            final String id,
            final String property,
            final ToDoubleFunction<Shape> pValue) {
        final List<Shape> these =
                shapes.stream().filter(shape -> shape.sample().batch() == batch).toList();
        final double level = LEVEL / these.size();
        return new Claim(
                "2-" + id + "-" + batch,
                "mini-batch gradients of single weights " + property + ", or nearly, at a batch of " + batch,
                String.format(
                        Locale.ROOT,
                        "the test finds no contradiction: p is above %s / %d = %.4f",
                        LEVEL,
                        these.size(),
                        level),
                these.stream()
                        .map(shape -> new Check(shape.name(), pValue.applyAsDouble(shape) > level))
                        .toList(),
                String.format(
                        Locale.ROOT,
                        "least p %.4f, %d of %d below %s",
                        these.stream().mapToDouble(pValue).min().orElseThrow(),
                        these.stream()
                                .mapToDouble(pValue)
                                .filter(p -> p < LEVEL)
                                .count(),
                        these.size(),
                        LEVEL));
    }
}
