package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Panel;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.figure.NoiseShapes.Property;
import io.signvote.examples.paper.figure.NoiseShapes.Shape;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.GradientSurvey.Ratios;
import io.signvote.examples.paper.run.GradientSurvey.Sample;
import io.signvote.examples.paper.run.GradientSurveyJob;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Model;
import io.signvote.examples.task.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The shape of gradient noise for single weights, and its size beside the signal over training. */
final class Figures2And3 implements Figure {
    static final Prose PROSE = Prose.of("figure-2-3");
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
        return PROSE.title();
    }

    @Override
    public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
        final Problem problem = problem(context);
        final List<Integer> sampleEpochs = context.scale() == Scale.QUICK ? List.of(0, 1, 2) : List.of(0, 1, 5);
        final List<Integer> ratioEpochs = switch (context.scale()) {
            case QUICK -> List.of(0, 1, 2);
            case DEFAULT -> List.of(0, 1, 2, 5, 10, 20);
            case FULL -> List.of(0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40);
        };
        final List<GradientSurveyJob> jobs = LongStream.range(context.seed(), context.seed() + context.seeds())
                .mapToObj(seed -> new GradientSurveyJob(
                        problem, Method.vote(MOMENTUM), RATE, BATCH, SMALL_BATCH, ratioEpochs, sampleEpochs, seed))
                .toList();
        context.runner()
                .progress()
                .begin(title(), jobs.stream().mapToLong(GradientSurveyJob::work).sum());
        final List<GradientSurvey> surveys;
        final List<Shape> shapes;
        try {
            final Map<String, GradientSurvey> results = context.runner().run(jobs);
            surveys = jobs.stream().map(job -> results.get(job.key())).toList();
            shapes = NoiseShapes.shapes(context, title(), jobs, surveys);
        } finally {
            context.runner().progress().close();
        }
        final List<Panel> panels =
                new ArrayList<>(NoiseCharts.histograms(surveys.get(0), List.of(BATCH, SMALL_BATCH), context.seed()));
        panels.addAll(NoiseRatios.panels(surveys));
        return new FigureReport(
                id(),
                title(),
                PROSE.caption(),
                settings(context, problem, ratioEpochs, sampleEpochs),
                panels,
                3,
                List.of(NoiseRatios.table(context, surveys, BATCH), NoiseShapes.table(shapes)),
                csv(context, surveys),
                claims(context, surveys, shapes),
                List.of(
                        PROSE.note("p-values", "level", NoiseShapes.LEVEL),
                        PROSE.note("small ratios"),
                        PROSE.note("power"),
                        PROSE.note(
                                "qualified weights",
                                "counts",
                                surveys.stream()
                                        .map(survey -> survey.lively() + " of " + survey.drawn())
                                        .collect(Collectors.joining(", ")))));
    }

    static List<Claim> claims(
            final FigureContext context, final List<GradientSurvey> surveys, final List<Shape> shapes) {
        return List.of(
                NoiseShapes.claim(shapes, BATCH, Property.ONE_PEAK),
                NoiseShapes.claim(shapes, BATCH, Property.SYMMETRIC),
                NoiseShapes.claim(shapes, SMALL_BATCH, Property.ONE_PEAK),
                NoiseShapes.claim(shapes, SMALL_BATCH, Property.SYMMETRIC),
                NoiseRatios.falls(context, surveys),
                NoiseRatios.below(context, surveys));
    }

    private static Problem problem(final FigureContext context) throws IOException {
        final ImageSet all = context.images();
        final int used = context.scale().of(2_600, 12_800, Integer.MAX_VALUE);
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
            final FigureContext context,
            final Problem problem,
            final List<Integer> ratioEpochs,
            final List<Integer> sampleEpochs) {
        return new Settings(context, PROSE)
                .addPaper()
                .add("model and data", problem.description())
                .add("method", Method.vote(MOMENTUM).settings() + ", one rank")
                .addText("rate", "rate", RATE)
                .addText("mini-batches", "batch", BATCH, "smallBatch", SMALL_BATCH)
                .add("ratios at the start of epochs", ratioEpochs)
                .add("samples at the start of epochs", sampleEpochs)
                .addText(
                        "sampled weights",
                        "weights",
                        GradientSurveyJob.WEIGHTS,
                        "lively",
                        percent(GradientSurvey.LIVELY),
                        "batch",
                        BATCH)
                .addText("weights left out of ratios", "silent", percent(1 - GradientSurvey.NEARLY_SILENT))
                .addText("dip test", "draws", NoiseShapes.DRAWS)
                .addText("changed", "smallBatch", SMALL_BATCH)
                .addText("symmetry test", "draws", NoiseShapes.DRAWS)
                .table();
    }

    private static String percent(final double share) {
        return Math.round(100 * share) + " %";
    }

    private static String csv(final FigureContext context, final List<GradientSurvey> surveys) {
        final StringBuilder text = new StringBuilder("seed,kind,batch,epoch,weight,number,value\n");
        for (int i = 0; i < surveys.size(); i++) {
            final long seed = context.seed() + i;
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
