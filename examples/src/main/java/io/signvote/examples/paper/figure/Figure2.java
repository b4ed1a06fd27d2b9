package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Panel;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.figure.NoiseShapes.Property;
import io.signvote.examples.paper.figure.NoiseShapes.Shape;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.GradientSurvey.Ratios;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.paper.run.GradientSurveyJob;
import io.signvote.examples.paper.sheet.Claim.Kind;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.paper.sheet.Table;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Model;
import io.signvote.examples.task.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What gradient noise is like: its shape for single weights, and its size beside the signal over training. */
final class Figure2 implements Figure {
    private static final int BATCH = 128;
    private static final int SMALL_BATCH = 4;
    private static final float MOMENTUM = 0.9f;
    private static final float RATE = 1e-4f;

    @Override
    public List<String> names() {
        return List.of("2", "3");
    }

    @Override
    public String title() {
        return "Figures 2 and 3: gradient noise";
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final Problem problem = problem(bench);
        final List<Integer> sampleEpochs = bench.scale() == Scale.QUICK ? List.of(0, 1, 2) : List.of(0, 1, 5);
        final List<Integer> ratioEpochs = switch (bench.scale()) {
            case QUICK -> List.of(0, 1, 2);
            case DEFAULT -> List.of(0, 1, 2, 5, 10, 20);
            case FULL -> List.of(0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40);
        };
        final List<GradientSurveyJob> jobs = LongStream.range(bench.seed(), bench.seed() + bench.seeds())
                .mapToObj(seed -> new GradientSurveyJob(
                        problem, Method.vote(MOMENTUM), RATE, BATCH, SMALL_BATCH, ratioEpochs, sampleEpochs, seed))
                .toList();
        bench.runner()
                .progress()
                .begin(title(), jobs.stream().mapToLong(GradientSurveyJob::work).sum());
        final List<GradientSurvey> surveys;
        final List<Shape> shapes;
        try {
            final Map<String, GradientSurvey> results = bench.runner().run(jobs);
            surveys = jobs.stream().map(job -> results.get(job.key())).toList();
            shapes = NoiseShapes.shapes(bench, title(), jobs, surveys);
        } finally {
            bench.runner().progress().close();
        }
        final List<Panel> panels =
                new ArrayList<>(NoiseCharts.histograms(surveys.get(0), List.of(BATCH, SMALL_BATCH), bench.seed()));
        panels.addAll(NoiseRatios.panels(surveys));
        return new Sheet(
                id(),
                title(),
                "Above: mini-batch gradients of three random weights in a full pass at the start of some epochs, in deviations"
                        + " from zero, without those that are exactly zero. Below: the ratio of signal and noise, |mean| / deviation, of"
                        + " all weights; theorem 1 has a critical ratio of 2 / sqrt(3).",
                settings(bench, problem, ratioEpochs, sampleEpochs),
                panels,
                3,
                List.of(NoiseRatios.table(bench, surveys, BATCH), NoiseShapes.table(shapes)),
                csv(bench, surveys),
                List.of(
                        NoiseShapes.claim(shapes, Kind.PAPER, BATCH, Property.ONE_PEAK),
                        NoiseShapes.claim(shapes, Kind.PAPER, BATCH, Property.SYMMETRIC),
                        NoiseShapes.claim(shapes, Kind.QUESTION, SMALL_BATCH, Property.ONE_PEAK),
                        NoiseShapes.claim(shapes, Kind.QUESTION, SMALL_BATCH, Property.SYMMETRIC),
                        NoiseRatios.falls(bench, surveys),
                        NoiseRatios.below(bench, surveys)),
                List.of(
                        "a p-value says how often chance alone does worse; of n tests one below " + NoiseShapes.LEVEL
                                + " / n is a surprise (Bonferroni)",
                        "a mean over n mini-batches is off by 1 / sqrt(n) deviations, so ratios below that are noise"
                                + " themselves; by chance: weights above the critical ratio by that alone, were every mean 0"
                                + " and the noise normal",
                        "what the tests see: in 80 % of draws at this size and level, two normal peaks, equally likely, this many"
                                + " deviations of one peak apart; a log-normal distribution this skewed (an exponential one has 2),"
                                + " by a critical value from normal samples; sizes are rounded down",
                        "of weights drawn at random, "
                                + surveys.stream()
                                        .map(survey -> survey.lively() + " of " + survey.drawn())
                                        .collect(Collectors.joining(", "))
                                + " qualify as samples, by seed"));
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
                .addPaper(Original.FIGURE_2, Original.FIGURE_3)
                .add("model and data", problem.description())
                .add("method", Method.vote(MOMENTUM).settings() + ", one rank")
                .add(
                        "rate",
                        RATE
                                + " constant, the paper's for signum on images, no search: there is nothing to compare; 1e-3 was"
                                + " tried first, and left half of the weights without noise after one epoch")
                .add(
                        "mini-batches",
                        "of " + BATCH + " for training, ratios and samples; of " + SMALL_BATCH + " for samples too")
                .add("ratios at the start of epochs", ratioEpochs)
                .add("samples at the start of epochs", sampleEpochs)
                .add(
                        "sampled weights",
                        "the first " + GradientSurveyJob.WEIGHTS
                                + " of random ones with gradients other than 0 in at least "
                                + percent(GradientSurvey.LIVELY) + " of the mini-batches of every pass of " + BATCH)
                .add(
                        "weights left out of ratios",
                        "without noise: their gradient never changes; nearly silent: it is 0 in more than "
                                + percent(1 - GradientSurvey.NEARLY_SILENT) + " of the mini-batches")
                .add(
                        "dip test",
                        NoiseShapes.DRAWS
                                + " uniform samples of the same size, of the values that are not exactly 0, which"
                                + " would be a peak that hides all others")
                .add(
                        "changed",
                        "after the published run: the claims at a batch of " + SMALL_BATCH + " were called the paper's")
                .add("symmetry test", NoiseShapes.DRAWS + " samples of the sample and its mirror image")
                .table();
    }

    private static String percent(final double share) {
        return Math.round(100 * share) + " %";
    }

    private static String csv(final Bench bench, final List<GradientSurvey> surveys) {
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
                text.append(head).append("loss,").append(r.loss()).append('\n');
                text.append(head)
                        .append("nearly silent,")
                        .append(r.nearlySilent())
                        .append('\n');
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
}
