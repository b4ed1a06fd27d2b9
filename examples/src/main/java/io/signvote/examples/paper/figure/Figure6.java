package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.StepTime;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.paper.sheet.Table;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A language model: Signum with majority vote against Adam, by epochs and by time. */
final class Figure6 implements Figure {
    private static final int RANKS = 3;
    private static final int BATCH = 4;
    private static final float MOMENTUM = 0.9f;
    private static final String CHANGED =
            "after runs of this figure had been seen: the grids moved (above); steps went from 700 to 1,400 (with --quick from 60"
                    + " to 150); the claim on an epoch's time asks at four rates of the links, once, where it asked at 100 Mbit/s"
                    + " only, on each seed. After the published run: any lower perplexity was called similar";

    @Override
    public List<String> names() {
        return List.of("6");
    }

    @Override
    public String title() {
        return "Figure 6: a language model, majority vote against Adam";
    }

    @Override
    public int leastRanks() {
        return 2;
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final TrialSettings base = new TrialSettings(
                Language.problem(bench),
                Method.vote(MOMENTUM),
                Participants.honest(bench.ranks(RANKS)),
                BATCH,
                bench.scale().of(150, 1400, 20_000),
                bench.scale().of(6, 10, 20),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
        final Contender voting = new Contender("Signum, vote", base, new Search(base, Language.RATES));
        final TrialSettings adam = base.method(Method.adam());
        final Contender averaging = new Contender("Adam, mean", adam, new Search(adam, Language.RATES));
        final Map<String, Outcome> all = bench.study(title(), List.of(voting, averaging));
        final Outcome vote = all.get(voting.label());
        final Outcome mean = all.get(averaging.label());
        final TimedJobs jobs = new TimedJobs(bench.runner());
        final TextClock clock = new TextClock(
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
        return new Sheet(
                id(),
                title(),
                "Test loss of a model that guesses the next character, trained by Signum with majority vote and by Adam on exact"
                        + " means; by passes over the text, and by the time that they take.",
                jobs.addTo(new Settings(bench), Machine.here())
                        .addShared(base)
                        .add("a batch", "counted in pieces of " + Language.PIECE + " characters")
                        .add("grid of rates", Language.GRID)
                        .addMethods(List.of(voting, averaging))
                        .add("time", TextClock.TOLD)
                        .add(
                                "bandwidth",
                                (int) LanguageClaims.MBITS
                                        + " Mbit/s each way per rank, chosen before anything ran: of the chart, and of the claim on the same time")
                        .addPaper(Original.FIGURE_6)
                        .add("changed", CHANGED)
                        .table(),
                List.of(
                        Curves.byEpochs("By passes over the text", List.of(vote, mean))
                                .legendAbove(),
                        byTime),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values()), epochs(clock, vote, mean)),
                Results.csv(
                        all.values(),
                        bench.seed(),
                        new Results.Column(
                                "seconds_at_" + (int) LanguageClaims.MBITS + "_mbit",
                                (outcome, point) -> clock.seconds(outcome, point, LanguageClaims.MBITS))),
                new LanguageClaims(bench, clock, vote, mean).list(),
                Results.edges(all.values()));
    }

    private static Table epochs(final TextClock clock, final Outcome vote, final Outcome mean) {
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
