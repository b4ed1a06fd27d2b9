package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.paper.run.GradientSurveyJob;
import io.signvote.examples.paper.run.PowerJob;
import io.signvote.examples.paper.run.PowerJob.Seen;
import io.signvote.examples.paper.run.ShapeJob;
import io.signvote.examples.paper.run.ShapeJob.PValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shape of gradient noise, figure 2: two tests of each sample, and the contradictions that they can see. */
final class NoiseShapes {
    /** The number of samples that each test draws. */
    static final int DRAWS = 2000;

    /** A p-value below it is a surprise if there is only one test. */
    static final double LEVEL = 0.05;

    private NoiseShapes() {}

    /** A sample with its p-values, and with the contradictions that the tests can see in a sample of its size. */
    record Shape(long seed, Sample sample, PValues likely, Seen seen) {
        String name() {
            return "batch " + sample.batch() + ", epoch " + sample.epoch() + ", weight " + sample.weight() + ", seed "
                    + seed;
        }
    }

    /** A claimed property. A sample counts as tested only if its test can see contradictions of some size. */
    enum Property {
        /** One peak. Two normal peaks further apart than this have almost nothing between them. */
        ONE_PEAK(
                "one-peak",
                "two peaks %s deviations apart",
                6,
                s -> s.likely().onePeak(),
                s -> s.seen().peaks()),
        /** Symmetry. An exponential distribution has this skewness. */
        SYMMETRIC(
                "symmetric",
                "a skewness of %s",
                2,
                s -> s.likely().symmetric(),
                s -> s.seen().skewness());

        private final String id;
        private final String contradiction;
        private final double most;
        private final ToDoubleFunction<Shape> pValue;
        private final ToDoubleFunction<Shape> seen;

        Property(
                final String id,
                final String contradiction,
                final double most,
                final ToDoubleFunction<Shape> pValue,
                final ToDoubleFunction<Shape> seen) {
            this.id = id;
            this.contradiction = contradiction;
            this.most = most;
            this.pValue = pValue;
            this.seen = seen;
        }

        boolean isTested(final Shape shape) {
            return seen.applyAsDouble(shape) <= most;
        }
    }

    /** Tests all samples, with a progress of its own. */
    static List<Shape> shapes(
            final FigureContext context,
            final String title,
            final List<GradientSurveyJob> jobs,
            final List<GradientSurvey> surveys)
            throws IOException, InterruptedException {
        final List<ShapeJob> tests = new ArrayList<>();
        final List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < surveys.size(); i++) {
            for (final Sample sample : surveys.get(i).samples()) {
                tests.add(new ShapeJob(jobs.get(i).key(), sample, DRAWS, context.seed()));
                seeds.add(jobs.get(i).seed());
            }
        }
        final Map<Integer, Long> counts = tests.stream()
                .collect(Collectors.groupingBy(test -> test.sample().batch(), Collectors.counting()));
        final List<PowerJob> powers = tests.stream()
                .map(ShapeJob::sample)
                .flatMap(sample -> Stream.of(sample.nonzeros().length, sample.values().length)
                        .map(size -> power(context, size, LEVEL / counts.get(sample.batch()))))
                .filter(job -> job.size() > 0)
                .distinct()
                .toList();
        context.runner()
                .progress()
                .begin(
                        title + ", tests",
                        tests.stream().mapToLong(ShapeJob::work).sum()
                                + powers.stream().mapToLong(PowerJob::work).sum());
        final Map<String, Seen> seen = context.runner().run(powers);
        final Map<String, PValues> likely = context.runner().run(tests);
        final List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            final Sample sample = tests.get(i).sample();
            final double level = LEVEL / counts.get(sample.batch());
            final Seen ofNonzeros = seen.getOrDefault(
                    power(context, sample.nonzeros().length, level).key(), Seen.NOTHING);
            final Seen ofAll = seen.getOrDefault(
                    power(context, sample.values().length, level).key(), Seen.NOTHING);
            shapes.add(new Shape(
                    seeds.get(i),
                    sample,
                    likely.get(tests.get(i).key()),
                    new Seen(ofNonzeros.peaks(), ofAll.skewness())));
        }
        return shapes;
    }

    private static PowerJob power(final FigureContext context, final int size, final double level) {
        return new PowerJob(PowerJob.rounded(size), level, DRAWS, context.seed());
    }

    static Table table(final List<Shape> shapes) {
        return new Table(
                "shape of the noise: p-values, and what the tests see in four of five draws of this size",
                List.of(
                        "seed",
                        "batch",
                        "epoch",
                        "weight",
                        "mini-batches",
                        "exact zeros",
                        "one peak (dip)",
                        "sees peaks apart by",
                        "symmetric",
                        "sees skewness from"),
                shapes.stream()
                        .map(shape -> List.of(
                                String.valueOf(shape.seed()),
                                String.valueOf(shape.sample().batch()),
                                String.valueOf(shape.sample().epoch()),
                                String.valueOf(shape.sample().weight()),
                                String.valueOf(shape.sample().values().length),
                                String.format(
                                        Locale.ROOT,
                                        "%.1f %%",
                                        100 * shape.sample().zeros()),
                                String.format(
                                        Locale.ROOT, "%.4f", shape.likely().onePeak()),
                                size(shape.seen().peaks()),
                                String.format(
                                        Locale.ROOT, "%.4f", shape.likely().symmetric()),
                                size(shape.seen().skewness())))
                        .toList());
    }

    static Claim claim(final List<Shape> shapes, final int batch, final Property property) {
        final List<Shape> these =
                shapes.stream().filter(shape -> shape.sample().batch() == batch).toList();
        final List<Shape> tested = these.stream().filter(property::isTested).toList();
        final double level = LEVEL / Math.max(1, these.size());
        final String blind = "would not see " + String.format(property.contradiction, size(property.most))
                + " in four of five draws";
        final ClaimText text = Figures2And3.PROSE.claim(
                "2-" + property.id + "-" + batch,
                "level",
                LEVEL,
                "samples",
                these.size(),
                "threshold",
                String.format(Locale.ROOT, "%.4f", level),
                "blind",
                blind);
        if (tested.isEmpty()) {
            return text.notTested(
                    "nothing",
                    these.isEmpty()
                            ? "no weight has gradients in enough mini-batches"
                            : "in samples as small as all " + these.size() + " are, the test " + blind);
        }
        return text.tested(
                tested.stream()
                        .map(shape -> new Check(shape.name(), property.pValue.applyAsDouble(shape) > level))
                        .toList(),
                List.of(),
                String.format(
                        Locale.ROOT,
                        "least p %.4f, %d of %d below %s; the tests see %s; %d of %d samples not tested",
                        tested.stream().mapToDouble(property.pValue).min().orElseThrow(),
                        tested.stream()
                                .mapToDouble(property.pValue)
                                .filter(p -> p < LEVEL)
                                .count(),
                        tested.size(),
                        LEVEL,
                        String.format(property.contradiction, span(tested, property.seen)),
                        these.size() - tested.size(),
                        these.size()));
    }

    private static String span(final List<Shape> shapes, final ToDoubleFunction<Shape> number) {
        final double least = shapes.stream().mapToDouble(number).min().orElseThrow();
        final double greatest = shapes.stream().mapToDouble(number).max().orElseThrow();
        return size(least) + (least == greatest ? "" : " to " + size(greatest));
    }

    private static String size(final double value) {
        return Double.isInfinite(value) ? "none" : String.format(Locale.ROOT, "%.2f", value);
    }
}
