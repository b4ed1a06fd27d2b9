package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Histogram;
import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Survey;
import io.signvote.examples.paper.run.Survey.Ratios;
import io.signvote.examples.paper.run.Survey.Sample;
import io.signvote.examples.paper.run.SurveyJob;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Check;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.paper.sheet.Table;
import io.signvote.examples.paper.stats.DipTest;
import io.signvote.examples.paper.stats.SymmetryTest;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Model;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.Quadratic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** What gradient noise is like: its shape for single weights, and its size beside the signal over training. */
final class Figure2 implements Figure {
    private static final int BATCH = 128;
    private static final int SMALL_BATCH = 4;
    private static final float MOMENTUM = 0.9f;
    private static final float RATE = 1e-3f;
    private static final int DRAWS = 2000;
    private static final double LEVEL = 0.05;
    private static final int BINS = 25;
    private static final double SPAN = 4;

    @Override
    public List<String> names() {
        return List.of("2", "3");
    }

    @Override
    public String title() {
        return "Figures 2 and 3: gradient noise";
    }

    /** Of one sample: how likely it is where there is one peak, and where it is symmetric. */
    private record Shape(long seed, Sample sample, double onePeak, double symmetric) {
        String name() {
            return "batch " + sample.batch() + ", epoch " + sample.epoch() + ", weight " + sample.weight() + ", seed "
                    + seed;
        }
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final Problem problem = problem(bench);
        final List<Integer> sampleEpochs = bench.scale() == Scale.QUICK ? List.of(0, 1, 2) : List.of(0, 1, 5);
        final List<Integer> ratioEpochs = switch (bench.scale()) {
            case QUICK -> List.of(0, 1, 2);
            case DEFAULT -> List.of(0, 1, 2, 3, 5, 7, 10);
            case FULL -> List.of(0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40);
        };
        final List<SurveyJob> jobs = LongStream.range(bench.seed(), bench.seed() + bench.seeds())
                .mapToObj(seed -> new SurveyJob(
                        problem, Method.vote(MOMENTUM), RATE, BATCH, SMALL_BATCH, ratioEpochs, sampleEpochs, seed))
                .toList();
        bench.runner()
                .progress()
                .begin(title(), jobs.stream().mapToLong(SurveyJob::work).sum());
        final List<Survey> surveys;
        final List<Shape> shapes;
        try {
            final Map<String, Survey> results = bench.runner().run(jobs);
            surveys = jobs.stream().map(job -> results.get(job.key())).toList();
            shapes = shapes(bench, surveys);
        } finally {
            bench.runner().progress().close();
        }
        final List<Panel> panels = new ArrayList<>(histograms(surveys.get(0), bench.seed()));
        panels.add(
                ratios("Mean and median", surveys, List.of("mean", "median"), List.of(Ratios::mean, Ratios::median)));
        panels.add(ratios("Greatest", surveys, List.of("greatest"), List.of(Ratios::greatest)));
        panels.add(ratios(
                "Weights above the critical ratio",
                surveys,
                List.of("% of weights that have noise"),
                List.of(Figure2::above)));
        return new Sheet(
                id(),
                title(),
                "Above: mini-batch gradients of three random weights in a full pass at the start of some epochs, in deviations"
                        + " from zero. Below: the ratio of signal and noise, |mean| / deviation, of all weights; theorem 1"
                        + " has a critical ratio of 2 / sqrt(3).",
                settings(bench, problem, ratioEpochs, sampleEpochs),
                panels,
                3,
                List.of(ratioTable(bench, surveys), shapeTable(shapes)),
                csv(bench, surveys),
                List.of(
                        shape(shapes, BATCH, "one-peak", "have one peak", Shape::onePeak),
                        shape(shapes, BATCH, "symmetric", "are symmetric", Shape::symmetric),
                        shape(shapes, SMALL_BATCH, "one-peak", "have one peak", Shape::onePeak),
                        shape(shapes, SMALL_BATCH, "symmetric", "are symmetric", Shape::symmetric),
                        falls(bench, surveys),
                        below(bench, surveys)),
                List.of(
                        "a p-value says how often chance alone does worse; of n tests one below " + LEVEL
                                + " / n is a surprise (Bonferroni)",
                        "a mean over n mini-batches is off by 1 / sqrt(n) deviations, so ratios below that are noise"
                                + " themselves"));
    }

    private static Problem problem(final Bench bench) throws IOException {
        final ImageSet all = bench.images();
        final int used = bench.scale().of(2_600, 12_800, Integer.MAX_VALUE);
        final int parts = (int) Math.max(1, Math.ceil((double) all.train().count() / used));
        final ImageSet some = new ImageSet(
                all.name(),
                all.origin(),
                all.channels(),
                all.side(),
                all.classes(),
                all.train().shard(0, parts),
                all.test());
        return new ImageProblem(Model.convolutional(), some, 1);
    }

    private static Table settings(
            final Bench bench,
            final Problem problem,
            final List<Integer> ratioEpochs,
            final List<Integer> sampleEpochs) {
        return new Settings(bench)
                .add("model and data", problem.description())
                .add("method", Method.vote(MOMENTUM).settings() + ", one rank")
                .add("rate", RATE + " constant, our choice: there is nothing to compare, and no search")
                .add(
                        "mini-batches",
                        "of " + BATCH + " for training, ratios and samples; of " + SMALL_BATCH + " for samples too")
                .add("ratios at the start of epochs", ratioEpochs)
                .add("samples at the start of epochs", sampleEpochs)
                .add("dip test", DRAWS + " uniform samples of the same size")
                .add("symmetry test", DRAWS + " samples of the sample and its mirror image")
                .table();
    }

    private static List<Shape> shapes(final Bench bench, final List<Survey> surveys) {
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

    private static List<Panel> histograms(final Survey survey, final long seed) {
        final List<Panel> panels = new ArrayList<>();
        for (final int batch : new int[] {BATCH, SMALL_BATCH}) {
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

    private static LinePanel ratios(
            final String title,
            final List<Survey> surveys,
            final List<String> names,
            final List<ToDoubleFunction<Ratios>> numbers) {
        final boolean isShare = names.get(0).startsWith("%");
        final LinePanel panel = new LinePanel(title, "epoch", isShare ? "%" : "|mean| / deviation").legendAbove();
        for (int i = 0; i < names.size(); i++) {
            panel.add(Line.of(
                    names.get(i), table(surveys, Ratios::epoch), table(surveys, numbers.get(i)), Line.Look.MARKED));
        }
        if (!isShare) {
            panel.add(Line.level("2 / sqrt(3)", 0, last(surveys.get(0)).epoch(), Quadratic.CRITICAL_RATIO));
        }
        return panel;
    }

    private static double above(final Ratios ratios) {
        return 100.0 * ratios.above() / ratios.noisy();
    }

    private static double[][] table(final List<Survey> surveys, final ToDoubleFunction<Ratios> number) {
        return surveys.stream()
                .map(survey -> survey.ratios().stream().mapToDouble(number).toArray())
                .toArray(double[][]::new);
    }

    private static Table ratioTable(final Bench bench, final List<Survey> surveys) {
        final List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < surveys.size(); i++) {
            for (final Ratios r : surveys.get(i).ratios()) {
                rows.add(List.of(
                        String.valueOf(bench.seed() + i),
                        String.valueOf(r.epoch()),
                        String.valueOf(r.batches()),
                        Results.number(r.mean()),
                        Results.number(r.median()),
                        Results.number(r.greatest()),
                        String.valueOf(r.above()),
                        String.valueOf(r.noisy()),
                        String.valueOf(r.silent())));
            }
        }
        return new Table(
                "ratio of signal and noise, batch " + BATCH,
                List.of(
                        "seed",
                        "epoch",
                        "mini-batches",
                        "mean",
                        "median",
                        "greatest",
                        "above 2/sqrt(3)",
                        "weights with noise",
                        "without, left out"),
                rows);
    }

    private static Table shapeTable(final List<Shape> shapes) {
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

    private static String csv(final Bench bench, final List<Survey> surveys) {
        final StringBuilder text = new StringBuilder("seed,kind,batch,epoch,weight,number,value\n");
        for (int i = 0; i < surveys.size(); i++) {
            final long seed = bench.seed() + i;
            for (final Ratios r : surveys.get(i).ratios()) {
                final String head = seed + ",ratio," + BATCH + "," + r.epoch() + ",,";
                text.append(head).append("mean,").append(r.mean()).append('\n');
                text.append(head).append("median,").append(r.median()).append('\n');
                text.append(head).append("greatest,").append(r.greatest()).append('\n');
                text.append(head).append("above,").append(r.above()).append('\n');
                text.append(head).append("noisy,").append(r.noisy()).append('\n');
                text.append(head).append("silent,").append(r.silent()).append('\n');
            }
            for (final Sample s : surveys.get(i).samples()) {
                for (final double value : s.values()) {
                    text.append(seed).append(",gradient,").append(s.batch()).append(',');
                    text.append(s.epoch()).append(',').append(s.weight()).append(",,");
                    text.append(value).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static Claim shape(
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

    private static Claim falls(final Bench bench, final List<Survey> surveys) {
        final Checks checks = new Checks(bench)
                .add(
                        "mean",
                        i -> last(surveys.get(i)).mean()
                                < surveys.get(i).ratios().get(0).mean());
        return new Claim(
                "3-falls",
                "the ratio of signal and noise falls during training",
                "its mean over weights is lower at the last epoch than at the first",
                checks.list(),
                Results.number(surveys.get(0).ratios().get(0).mean()) + " at first, "
                        + Results.number(last(surveys.get(0)).mean()) + " at the end, seed " + bench.seed());
    }

    private static Claim below(final Bench bench, final List<Survey> surveys) {
        final Checks checks =
                new Checks(bench).add("all weights", i -> last(surveys.get(i)).above() == 0);
        return new Claim(
                "3-below-critical",
                "all weights fall below the critical ratio as training goes on (by about epoch 40 in the paper)",
                "none is above 2 / sqrt(3) at the last epoch",
                checks.list(),
                surveys.get(0).ratios().get(0).above() + " above at first, "
                        + last(surveys.get(0)).above() + " at epoch "
                        + last(surveys.get(0)).epoch() + ", seed " + bench.seed());
    }

    private static Ratios last(final Survey survey) {
        return survey.ratios().get(survey.ratios().size() - 1);
    }
}
