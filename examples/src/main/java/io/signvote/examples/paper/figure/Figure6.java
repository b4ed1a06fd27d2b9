package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.StepTime;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A language model: Signum with majority vote against Adam, by epochs and by time. */
final class Figure6 implements Figure {
    static final Prose PROSE = Prose.of("figure-6");
    private static final int RANKS = 3;
    private static final int BATCH = 4;
    private static final float MOMENTUM = 0.9f;

    @Override
    public List<String> names() {
        return List.of("6");
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
        final TrialSettings base = new TrialSettings(
                LanguageModel.problem(context),
                Method.vote(MOMENTUM),
                Participants.honest(context.ranks(RANKS)),
                BATCH,
                context.scale().of(150, 1400, 20_000),
                context.scale().of(6, 10, 20),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
        final Contender voting = new Contender("Signum, vote", base, new Search(base, LanguageModel.RATES));
        final TrialSettings adam = base.method(Method.adam());
        final Contender averaging = new Contender("Adam, mean", adam, new Search(adam, LanguageModel.RATES));
        final Map<Contender, Outcome> all = context.study(title(), List.of(voting, averaging));
        final Outcome vote = all.get(voting);
        final Outcome mean = all.get(averaging);
        final TimedJobs jobs = new TimedJobs(context.runner());
        final ComputedTime clock = new ComputedTime(
                jobs.run(new StepTime(vote.contender().base())),
                jobs.run(new StepTime(mean.contender().base())),
                vote);
        final LinePanel byTime = new LinePanel(
                        "By time, at " + (int) LanguageClaims.MBITS + " Mbit/s",
                        "seconds",
                        vote.measure().title())
                .legendAbove();
        for (final Outcome outcome : List.of(vote, mean)) {
            byTime.add(Line.of(
                            outcome.contender().label(),
                            outcome.table(point -> clock.seconds(outcome, point, LanguageClaims.MBITS)),
                            outcome.curves(),
                            Line.Look.MARKED)
                    .skip(1));
        }
        return new FigureReport(
                id(),
                title(),
                PROSE.caption(),
                jobs.addTo(new Settings(context, PROSE), Machine.here())
                        .addShared(base)
                        .addText("a batch", "piece", LanguageModel.PIECE)
                        .add("grid of rates", LanguageModel.grid())
                        .addMethods(List.of(voting, averaging))
                        .addText("time")
                        .addText("bandwidth", "mbits", (int) LanguageClaims.MBITS)
                        .addPaper()
                        .addText("changed")
                        .table(),
                List.of(
                        Curves.byEpochs("By passes over the text", List.of(vote, mean))
                                .legendAbove(),
                        byTime),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values()), epochs(clock, vote, mean)),
                Results.csv(
                        all.values(),
                        context.seed(),
                        new Results.Column(
                                "seconds_at_" + (int) LanguageClaims.MBITS + "_mbit",
                                (outcome, point) -> clock.seconds(outcome, point, LanguageClaims.MBITS))),
                new LanguageClaims(context, clock, vote, mean).list(),
                Results.edges(all.values()));
    }

    private static Table epochs(final ComputedTime clock, final Outcome vote, final Outcome mean) {
        final List<List<String>> rows = new ArrayList<>();
        for (final double mbits : LanguageClaims.ALL_MBITS) {
            final double voting = clock.epoch(vote, mbits);
            final double averaging = clock.epoch(mean, mbits);
            rows.add(List.of(
                    (int) mbits + " Mbit/s",
                    Results.number(voting) + " s",
                    Results.number(averaging) + " s",
                    Results.number(averaging / voting)));
        }
        return new Table(
                String.format(
                        Locale.ROOT,
                        "a pass over the text, computed; a step alone takes %s ms with the vote, %s ms with Adam",
                        Results.number(1e3 * clock.voteStep()),
                        Results.number(1e3 * clock.meanStep())),
                List.of("bandwidth", vote.contender().label(), mean.contender().label(), "times faster"),
                rows);
    }
}
