package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Accuracy against time: Signum by vote and SGD by the faster of two averagings, on links of several rates. */
final class Figure5 implements Figure {
    static final Prose PROSE = Prose.of("figure-5");

    @Override
    public List<String> names() {
        return List.of("5");
    }

    @Override
    public String title() {
        return PROSE.title();
    }

    @Override
    public int leastRanks() {
        return 2;
    }

    @Override
    public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
        context.testbed().ensureAvailable("figure 5");
        final Machine machine = Machine.here();
        final TimedJobs jobs = new TimedJobs(context.runner());
        final TrialSettings base = Figure8.honest(context);
        final int ranks = base.participants().ranks();
        final StepTimes times = StepTimes.measure(context, jobs, title(), base, machine);
        final TrialSettings averaging = base.method(Method.sgd(0.9f));
        final Contender voting = new Contender("Signum, vote", base, new Search(base, Figure8.VOTE_RATES));
        final Contender averaged = new Contender("SGD, mean", averaging, new Search(averaging, Figure8.MEAN_RATES));
        final List<Contender> contenders = List.of(voting, averaged);
        final Map<Contender, Outcome> all = context.study(title(), contenders);
        final Outcome vote = all.get(voting);
        final Outcome mean = all.get(averaged);
        final List<Panel> panels = new ArrayList<>();
        times.trained().forEach(step -> panels.add(panel(step, vote, mean)));
        panels.add(savings(times));
        return new FigureReport(
                id(),
                title(),
                PROSE.caption(),
                Timing.add(
                                new Settings(context, PROSE)
                                        .addPaper()
                                        .addShared(base)
                                        .addMethods(contenders),
                                jobs,
                                machine,
                                ranks)
                        .addText("changed")
                        .addText("accuracy by step")
                        .addText("time by step")
                        .table(),
                panels,
                2,
                List.of(table(times), Results.table(all.values()), Results.searches(all.values())),
                csv(context, times, vote, mean),
                new TimeClaims(context, times, vote, mean).list(),
                List.of(Timing.note(), PROSE.note("steps and time"), PROSE.note("arithmetic"), times.glooNote()));
    }

    private static LinePanel panel(final StepTimes.Step step, final Outcome vote, final Outcome mean) {
        final LinePanel panel = new LinePanel(step.link().toString(), "seconds", "test accuracy, %");
        panel.add(line(vote, step.voteMs()));
        return panel.add(line(mean, step.meanMs()));
    }

    private static Line line(final Outcome outcome, final double stepMs) {
        return Line.of(
                        outcome.contender().label(),
                        outcome.table(point -> point.step() * stepMs / 1e3),
                        outcome.curves(),
                        Line.Look.MARKED)
                .skip(1);
    }

    private static LinePanel savings(final StepTimes times) {
        final LinePanel panel = new LinePanel(
                        "What the vote saves of a step", "share of communication in a step of SGD, %", "time saved, %")
                .legendLeft();
        times.all().stream()
                .collect(Collectors.groupingBy(StepTimes.Step::batch, TreeMap::new, Collectors.toList()))
                .forEach((batch, steps) -> {
                    final List<StepTimes.Step> sorted = steps.stream()
                            .sorted(Comparator.comparingDouble(StepTimes.Step::share))
                            .toList();
                    panel.add(new Line(
                            "batch " + batch + (batch == Figure8.BATCH ? ", as trained" : ", timed only"),
                            sorted.stream()
                                    .mapToDouble(step -> 100 * step.share())
                                    .toArray(),
                            sorted.stream()
                                    .mapToDouble(step -> 100 * step.saving())
                                    .toArray(),
                            Line.Look.MARKED));
                });
        panel.add(new Line(
                "paper's 25 %, our arithmetic",
                new double[] {100 * StepTimes.RECKONED_SHARE},
                new double[] {100 * StepTimes.PAPER_SAVING},
                Line.Look.MARKED));
        return panel.add(new Line(
                "31/32 of the share",
                new double[] {0, 100},
                new double[] {0, 100 * StepTimes.MOST},
                Line.Look.REFERENCE));
    }

    private static Table table(final StepTimes times) {
        final List<List<String>> rows = new ArrayList<>();
        for (final StepTimes.Step step : times.all()) {
            rows.add(List.of(
                    step.link().toString(),
                    String.valueOf(step.batch()),
                    ms(step.computeMs()),
                    ms(step.exchange().limitMs()),
                    ms(step.exchange().vote().total()),
                    ms(step.exchange().mean().total()),
                    step.exchange().gloo().isEmpty()
                            ? "-"
                            : ms(step.exchange().gloo().getAsDouble()),
                    ms(step.voteMs()),
                    ms(step.meanMs()),
                    StepTimes.percent(step.share()),
                    StepTimes.percent(step.share() * StepTimes.MOST),
                    StepTimes.percent(step.saving())));
        }
        rows.add(List.of(
                "the paper's 25 %; all else in this row is arithmetic of ours",
                "128",
                "360",
                "",
                "",
                "",
                "",
                "",
                "",
                StepTimes.percent(StepTimes.RECKONED_SHARE),
                StepTimes.percent(StepTimes.RECKONED_SHARE * StepTimes.MOST),
                StepTimes.percent(StepTimes.PAPER_SAVING)));
        return new Table(
                "milliseconds a step",
                List.of(
                        "link",
                        "batch",
                        "compute",
                        "float32, wire limit",
                        "vote, exchange",
                        "SUM, exchange",
                        "Gloo, exchange",
                        "Signum, step",
                        "SGD, step",
                        "SGD's share of communication",
                        "31/32 of it",
                        "saved by the vote"),
                rows);
    }

    private static String csv(
            final FigureContext context, final StepTimes times, final Outcome vote, final Outcome mean) {
        final StringBuilder text = new StringBuilder("mbits,line,seed,step,seconds,value\n");
        for (final StepTimes.Step step : times.trained()) {
            for (final Outcome outcome : List.of(vote, mean)) {
                final double stepMs = outcome == vote ? step.voteMs() : step.meanMs();
                for (int i = 0; i < context.seeds(); i++) {
                    final long seed = context.seed() + i;
                    outcome.recordings()
                            .get(i)
                            .points()
                            .forEach(point -> text.append(step.link().megabits())
                                    .append(",\"" + outcome.contender().label() + "\",")
                                    .append(seed + "," + point.step() + "," + point.step() * stepMs / 1e3 + ",")
                                    .append(outcome.measure().of(point.score()))
                                    .append('\n'));
                }
            }
        }
        return text.toString();
    }

    private static String ms(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
