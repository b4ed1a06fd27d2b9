package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.BarPanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Check;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.paper.sheet.Table;
import io.signvote.examples.paper.timing.ComputeJob;
import io.signvote.examples.paper.timing.ExchangeJob;
import io.signvote.examples.paper.timing.Link;
import io.signvote.examples.paper.timing.Phases;
import io.signvote.examples.task.ImageProblem;
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

/** Where the time of a step goes, by vote and by averaging, on links of several rates. */
final class Figure4 implements Figure {
    private static final int HOSTS = 7;
    private static final int IMAGES = 64;
    private static final int PIECES = 16;
    private static final int HIDDEN = 512;
    private static final double TRAFFIC = 28;
    private static final List<String> PARTS = List.of("compute", "pack", "communicate", "tally", "unpack");

    @Override
    public List<String> names() {
        return List.of("4");
    }

    @Override
    public String title() {
        return "Figure 4: where the time of a step goes";
    }

    /** A model and what a rank computes of it in a step. */
    private record Subject(String name, Problem problem, int batch, int count) {
        Subject(final String name, final Problem problem, final int batch) {
            this(name, problem, batch, problem.learner(0, HOSTS, batch, 0).parameters().length);
        }
    }

    /** Times of a step at one rate. */
    private record Row(Link link, Subject subject, double compute, Phases mean, Phases vote) {
        String name() {
            return subject.name() + " at " + link;
        }

        double step(final Phases phases) {
            return compute + phases.total();
        }
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        bench.testbed().ensureAvailable("figure 4");
        final int hosts = bench.ranks(HOSTS);
        final Machine machine = Machine.here();
        final List<Subject> subjects = subjects(bench);
        final List<Row> rows = rows(bench, hosts, machine, subjects);
        final Settings settings = new Settings(bench);
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
        return new Sheet(
                id(),
                title(),
                "Milliseconds a step of SGD on exact averages, by this library's SUM, and of Signum with majority vote: computing"
                        + " gradients, packing signs, communicating, tallying votes or sums, and unpacking into the parameters."
                        + " The rate of the links falls from panel to panel.",
                Timing.add(settings, machine, hosts).table(),
                panels(rows),
                2,
                List.of(table(rows)),
                csv(rows),
                List.of(
                        claim(
                                rows,
                                "4-communicates-less",
                                "majority vote communicates in less time than averaging (in the paper over four times faster"
                                        + " than NCCL, with compression)",
                                "pack, communicate, tally and unpack together take less than a quarter of averaging's",
                                (vote, mean) -> 4 * vote.total() < mean.total(),
                                (vote, mean) -> mean.total() / vote.total(),
                                "%.1f times less"),
                        claim(
                                rows,
                                "4-cheap-compression",
                                "compression costs little beside what it saves",
                                "pack, tally and unpack of the vote take less than a tenth of the communication it saves",
                                (vote, mean) -> 10 * (vote.total() - vote.communicate())
                                        < mean.communicate() - vote.communicate(),
                                (vote, mean) -> vote.total() - vote.communicate(),
                                "%.3f ms"),
                        claim(
                                rows,
                                "4-traffic",
                                "a vote moves 32 times less than float32",
                                "a rank sends at least " + TRAFFIC + " times fewer bytes, frames and headers counted",
                                (vote, mean) -> mean.bytes() > TRAFFIC * vote.bytes(),
                                (vote, mean) -> mean.bytes() / vote.bytes(),
                                "%.1f times fewer")),
                List.of(Timing.NOTE));
    }

    private static List<Subject> subjects(final Bench bench) throws IOException {
        final List<Subject> subjects = new ArrayList<>();
        subjects.add(new Subject("CNN", new ImageProblem(Model.convolutional(), bench.images(), 1), IMAGES));
        if (bench.scale() != Scale.QUICK) {
            subjects.add(new Subject("MLP", new ImageProblem(Model.perceptron(HIDDEN), bench.images(), 1), IMAGES));
            subjects.add(new Subject("QRNN", new TextProblem(bench.text(), 32, 128, 64, 64), PIECES));
        }
        return subjects;
    }

    private List<Row> rows(final Bench bench, final int hosts, final Machine machine, final List<Subject> subjects)
            throws IOException, InterruptedException {
        final List<ExchangeJob> exchanges = Timing.links(bench).stream()
                .map(link -> new ExchangeJob(
                        bench.testbed(),
                        machine,
                        hosts,
                        link,
                        subjects.stream().map(Subject::count).toList(),
                        Timing.trainMs(bench)))
                .toList();
        bench.runner()
                .progress()
                .begin(
                        title(),
                        subjects.size()
                                + exchanges.stream()
                                        .mapToLong(ExchangeJob::work)
                                        .sum());
        try {
            final Map<Subject, Double> compute = new LinkedHashMap<>();
            for (final Subject subject : subjects) {
                compute.put(
                        subject,
                        bench.alone(new ComputeJob(
                                subject.problem(), hosts, subject.batch(), Timing.computeMs(bench), machine)));
            }
            final List<Row> rows = new ArrayList<>();
            for (int i = 0; i < exchanges.size(); i++) {
                final Map<String, Phases> phases = bench.alone(exchanges.get(i));
                for (final Subject subject : subjects) {
                    rows.add(new Row(
                            Timing.links(bench).get(i),
                            subject,
                            compute.get(subject),
                            phases.get(ExchangeJob.mean(subject.count())),
                            phases.get(ExchangeJob.vote(subject.count()))));
                }
            }
            return rows;
        } finally {
            bench.runner().progress().close();
        }
    }

    private static List<Panel> panels(final List<Row> rows) {
        final Map<Link, BarPanel> panels = new LinkedHashMap<>();
        for (final Row row : rows) {
            panels.computeIfAbsent(row.link(), link -> new BarPanel(link.toString(), "ms a step", PARTS))
                    .add(row.subject().name() + " mean", parts(row, row.mean()))
                    .add(row.subject().name() + " vote", parts(row, row.vote()));
        }
        return List.copyOf(panels.values());
    }

    private static List<Double> parts(final Row row, final Phases phases) {
        return List.of(row.compute(), phases.pack(), phases.communicate(), phases.tally(), phases.unpack());
    }

    private static Table table(final List<Row> rows) {
        final List<List<String>> cells = new ArrayList<>();
        for (final Row row : rows) {
            cells.add(cells(row, "averaging", row.mean()));
            cells.add(cells(row, "vote", row.vote()));
        }
        final List<String> columns = new ArrayList<>(List.of("link", "model", "method"));
        columns.addAll(PARTS);
        columns.addAll(List.of("step", "sent by a rank"));
        return new Table("milliseconds a step", columns, cells);
    }

    private static List<String> cells(final Row row, final String method, final Phases phases) {
        final List<String> cells =
                new ArrayList<>(List.of(row.link().toString(), row.subject().name(), method));
        parts(row, phases).forEach(part -> cells.add(String.format(Locale.ROOT, "%.3f", part)));
        cells.add(String.format(Locale.ROOT, "%.2f", row.step(phases)));
        cells.add(String.format(Locale.ROOT, "%,.0f bytes", phases.bytes()));
        return cells;
    }

    private static String csv(final List<Row> rows) {
        final StringBuilder text =
                new StringBuilder("mbits,model,parameters,method," + String.join(",", PARTS) + ",bytes\n");
        for (final Row row : rows) {
            for (final boolean isVote : new boolean[] {false, true}) {
                final Phases phases = isVote ? row.vote() : row.mean();
                text.append(row.link().megabits())
                        .append(',')
                        .append(row.subject().name());
                text.append(',').append(row.subject().count()).append(isVote ? ",vote" : ",mean");
                parts(row, phases).forEach(part -> text.append(',').append(part));
                text.append(',').append(phases.bytes()).append('\n');
            }
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
            final String id,
            final String paper,
            final String rule,
            final BiPredicate<Phases, Phases> test,
            final Ratio ratio,
            final String format) {
        return new Claim(
                id,
                paper,
                rule + ", for each model at each rate",
                rows.stream()
                        .map(row -> new Check(row.name(), test.test(row.vote(), row.mean())))
                        .toList(),
                rows.stream()
                        .map(row -> String.format(Locale.ROOT, format, ratio.of(row.vote(), row.mean())) + " with "
                                + row.name())
                        .reduce((a, b) -> a + "; " + b)
                        .orElseThrow());
    }
}
