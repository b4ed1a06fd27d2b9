package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.BarPanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.ComputeJob;
import io.signvote.examples.paper.timing.Phases;
import io.signvote.examples.paper.timing.ShapedLink;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Model;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.TextProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;

/** The time of each part of a step, by vote and by averaging, on links of several rates. */
final class Figure4 implements Figure {
    private static final Prose PROSE = Prose.of("figure-4");
    private static final int HOSTS = 7;
    private static final int IMAGES = 64;
    private static final int PIECES = 16;
    private static final int HIDDEN = 128;
    private static final int TRAFFIC = 28;
    private static final List<String> PARTS = List.of("compute", "pack", "communicate", "tally", "unpack");

    @Override
    public List<String> names() {
        return List.of("4");
    }

    @Override
    public String title() {
        return PROSE.title();
    }

    /** A model and the batch of a rank. */
    private record Subject(String name, Problem problem, int batch, int count) {
        static Subject of(final String name, final Problem problem, final int batch, final int hosts) {
            try (Learner learner = problem.learner(0, hosts, batch, 0)) {
                return new Subject(name, problem, batch, learner.parameters().length);
            }
        }
    }

    /** Times of a step at one rate. */
    record Row(Exchanges.Times times, String model, double compute) {
        String name() {
            return model + " at " + times.link();
        }

        double step(final Phases phases) {
            return compute + phases.total();
        }

        /** By method, the vote last. */
        Map<String, Phases> methods() {
            final Map<String, Phases> methods = new LinkedHashMap<>();
            methods.put("SUM", times.mean());
            times.byGloo().ifPresent(gloo -> methods.put("Gloo", gloo));
            methods.put("vote", times.vote());
            return methods;
        }
    }

    @Override
    public int leastRanks() {
        return 2;
    }

    @Override
    public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
        context.testbed().ensureAvailable("figure 4");
        final int hosts = context.ranks(HOSTS);
        final Machine machine = Machine.here();
        final TimedJobs jobs = new TimedJobs(context.runner());
        final List<Subject> subjects = subjects(context, hosts);
        final Exchanges exchanges = new Exchanges(
                context,
                jobs,
                machine,
                hosts,
                subjects.stream().map(Subject::count).toList());
        final List<Row> rows = rows(context, jobs, hosts, machine, subjects, exchanges);
        final Settings settings =
                new Settings(context, PROSE).withoutSeeds().addPaper().addText("changed");
        for (final Subject subject : subjects) {
            settings.add(
                    subject.name(),
                    String.format(
                            Locale.ROOT,
                            "%s; %,d parameters, batch of a rank %d",
                            subject.problem().description(),
                            subject.count(),
                            subject.batch()));
        }
        return new FigureReport(
                id(),
                title(),
                PROSE.caption(),
                Timing.add(settings, jobs, machine, hosts).table(),
                panels(rows),
                2,
                List.of(table(rows)),
                csv(rows),
                claims(rows),
                List.of(Timing.note(), exchanges.glooNote()));
    }

    static List<Claim> claims(final List<Row> rows) {
        return List.of(
                claim(
                        rows,
                        PROSE.claim("4-communicates-less"),
                        (vote, mean) -> 4 * vote.total() < mean.total(),
                        (vote, mean) -> mean.total() / vote.total(),
                        "%.1f times less"),
                claim(
                        rows,
                        PROSE.claim("4-cheap-compression"),
                        (vote, mean) ->
                                10 * (vote.total() - vote.communicate()) < mean.communicate() - vote.communicate(),
                        (vote, mean) -> vote.total() - vote.communicate(),
                        "%.3f ms"),
                claim(
                        rows,
                        PROSE.claim("4-traffic", "traffic", TRAFFIC),
                        (vote, mean) -> mean.bytes() > TRAFFIC * vote.bytes(),
                        (vote, mean) -> mean.bytes() / vote.bytes(),
                        "%.1f times fewer"));
    }

    private static List<Subject> subjects(final FigureContext context, final int hosts) throws IOException {
        final List<Subject> subjects = new ArrayList<>();
        subjects.add(Subject.of("CNN", new ImageProblem(Model.convolutional(), context.images(), 1), IMAGES, hosts));
        if (context.scale() != Scale.QUICK) {
            final Problem perceptron = new ImageProblem(Model.perceptron(HIDDEN), context.images(), 1);
            subjects.add(Subject.of("perceptron", perceptron, IMAGES, hosts));
            subjects.add(Subject.of("QRNN", new TextProblem(context.text(), 32, 128, 64, 64), PIECES, hosts));
        }
        return subjects;
    }

    private List<Row> rows(
            final FigureContext context,
            final TimedJobs jobs,
            final int hosts,
            final Machine machine,
            final List<Subject> subjects,
            final Exchanges exchanges)
            throws IOException, InterruptedException {
        context.runner().progress().begin(title(), subjects.size() + exchanges.work());
        try {
            final Map<Integer, String> models = new LinkedHashMap<>();
            final Map<Integer, Double> compute = new LinkedHashMap<>();
            for (final Subject subject : subjects) {
                models.put(subject.count(), subject.name());
                compute.put(
                        subject.count(),
                        jobs.run(new ComputeJob(
                                subject.problem(), hosts, subject.batch(), Timing.computeMs(context), machine)));
            }
            return exchanges.measure().stream()
                    .map(times -> new Row(times, models.get(times.count()), compute.get(times.count())))
                    .toList();
        } finally {
            context.runner().progress().close();
        }
    }

    private static List<Panel> panels(final List<Row> rows) {
        final Map<ShapedLink, BarPanel> panels = new LinkedHashMap<>();
        for (final Row row : rows) {
            final BarPanel panel = panels.computeIfAbsent(
                    row.times().link(), link -> new BarPanel(link.toString(), "ms a step", PARTS));
            row.methods().forEach((method, phases) -> panel.add(row.model() + " " + method, parts(row, phases)));
        }
        return List.copyOf(panels.values());
    }

    private static List<Double> parts(final Row row, final Phases phases) {
        return List.of(row.compute(), phases.pack(), phases.communicate(), phases.tally(), phases.unpack());
    }

    private static Table table(final List<Row> rows) {
        final List<List<String>> cells = new ArrayList<>();
        for (final Row row : rows) {
            row.methods().forEach((method, phases) -> cells.add(cells(row, method, phases)));
        }
        final List<String> columns = new ArrayList<>(List.of("link", "model", "method"));
        columns.addAll(PARTS);
        columns.addAll(List.of("step", "float32, wire limit", "sent by a rank"));
        return new Table("milliseconds a step", columns, cells);
    }

    private static List<String> cells(final Row row, final String method, final Phases phases) {
        final List<String> cells = new ArrayList<>(List.of(row.times().link().toString(), row.model(), method));
        parts(row, phases).forEach(part -> cells.add(String.format(Locale.ROOT, "%.3f", part)));
        cells.add(String.format(Locale.ROOT, "%.2f", row.step(phases)));
        cells.add(
                phases == row.times().vote()
                        ? ""
                        : String.format(Locale.ROOT, "%.2f", row.times().limitMs()));
        cells.add(method.equals("Gloo") ? "" : String.format(Locale.ROOT, "%,.0f bytes", phases.bytes()));
        return cells;
    }

    private static String csv(final List<Row> rows) {
        final StringBuilder text =
                new StringBuilder("mbits,model,parameters,method," + String.join(",", PARTS) + ",bytes\n");
        for (final Row row : rows) {
            row.methods().forEach((method, phases) -> {
                text.append(row.times().link().megabits())
                        .append(',')
                        .append(row.model())
                        .append(',')
                        .append(row.times().count())
                        .append(',')
                        .append(method);
                parts(row, phases).forEach(part -> text.append(',').append(part));
                text.append(',')
                        .append(method.equals("Gloo") ? "" : phases.bytes())
                        .append('\n');
            });
        }
        return text.toString();
    }

    /** A number of a vote and an average. */
    @FunctionalInterface
    private interface Ratio {
        double of(Phases vote, Phases mean);
    }

    private static Claim claim(
            final List<Row> rows,
            final ClaimText text,
            final BiPredicate<Phases, Phases> test,
            final Ratio ratio,
            final String format) {
        return text.tested(
                rows.stream()
                        .map(row -> new Check(
                                row.name(),
                                test.test(row.times().vote(), row.times().averaging())))
                        .toList(),
                List.of(),
                rows.stream()
                        .map(row -> String.format(
                                        Locale.ROOT,
                                        format,
                                        ratio.of(row.times().vote(), row.times().averaging()))
                                + " with " + row.name())
                        .reduce((a, b) -> a + "; " + b)
                        .orElseThrow());
    }
}
