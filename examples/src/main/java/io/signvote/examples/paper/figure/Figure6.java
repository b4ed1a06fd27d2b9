package io.signvote.examples.paper.figure;

import io.signvote.examples.Schedule;
import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Arm;
import io.signvote.examples.paper.run.Crew;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Point;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.StepTime;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.paper.sheet.Table;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A language model: Signum with majority vote against Adam, by epochs and by time. */
final class Figure6 implements Figure {
    private static final int RANKS = 3;
    private static final int BATCH = 4;
    private static final float MOMENTUM = 0.9f;
    /** Of the chart and the claims. */
    private static final double MBITS = 100;

    private static final List<Double> ALL_MBITS = List.of(10.0, MBITS, 265.0, 1000.0);
    private static final double FASTER = 2;
    private static final double DEGRADED = 1.1;
    private static final double SIMILAR = 1.05;

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
                Crew.honest(bench.ranks(RANKS)),
                BATCH,
                bench.scale().of(150, 1400, 20_000),
                bench.scale().of(6, 10, 20),
                Schedule.STEP,
                1,
                0,
                Split.TEST);
        final Arm voting = new Arm("Signum, vote", base, new Search(base, Language.RATES));
        final TrialSettings adam = base.method(Method.adam());
        final Arm averaging = new Arm("Adam, mean", adam, new Search(adam, Language.RATES));
        final Map<String, Outcome> all = bench.study(title(), List.of(voting, averaging));
        final Outcome vote = all.get(voting.label());
        final Outcome mean = all.get(averaging.label());
        final Clock clock =
                new Clock(time(bench, vote.arm().base()), time(bench, mean.arm().base()), vote);
        final LinePanel byTime = new LinePanel(
                        "By time, at " + (int) MBITS + " Mbit/s",
                        "seconds",
                        vote.measure().title())
                .legendAbove();
        for (final Outcome outcome : List.of(vote, mean)) {
            byTime.add(Line.of(
                            outcome.arm().label(),
                            outcome.table(point -> clock.seconds(outcome, point, MBITS)),
                            outcome.curves(),
                            Line.Look.MARKED)
                    .skip(1));
        }
        return new Sheet(
                id(),
                title(),
                "Test loss of a model that guesses the next character, trained by Signum with majority vote and by Adam on exact"
                        + " means; by passes over the text, and by the time that they take.",
                new Settings(bench)
                        .addShared(base)
                        .add("a batch", "counted in pieces of " + Language.PIECE + " characters")
                        .add("grid of rates", Language.GRID)
                        .addMethods(List.of(voting, averaging))
                        .add(
                                "time",
                                "computed, not clocked over a run: a rank's own step, measured on this machine (gradient and"
                                        + " method as the only rank, nothing else running, median of 41, kept with the runs), times the steps;"
                                        + " plus the bytes that a rank sent, over the bandwidth; one after the other, no"
                                        + " latency")
                        .add("bandwidth", (int) MBITS + " Mbit/s each way per rank, chosen before anything ran")
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
                                "seconds_at_" + (int) MBITS + "_mbit",
                                (outcome, point) -> clock.seconds(outcome, point, MBITS))),
                List.of(
                        degrades(bench, vote, mean),
                        faster(bench, clock, vote, mean),
                        similar(bench, clock, vote, mean)),
                Results.edges(all.values()));
    }

    private static double time(final Bench bench, final TrialSettings settings)
            throws IOException, InterruptedException {
        final StepTime job = new StepTime(settings);
        return bench.runner().run(List.of(job)).get(job.key());
    }

    /** Tells what a run would take over a network. */
    private record Clock(double voteStep, double meanStep, Outcome vote) {
        double step(final Outcome outcome) {
            return outcome == vote ? voteStep : meanStep;
        }

        double seconds(final Outcome outcome, final Point point, final double mbits) {
            return point.step() * step(outcome) + 8 * point.bytes() / (mbits * 1e6);
        }

        /** One pass over the training data. */
        double epoch(final Outcome outcome, final int seed, final double mbits) {
            final Point last = outcome.recordings().get(seed).last();
            return seconds(outcome, last, mbits) / last.epoch();
        }

        /** A run's loss at some time. */
        double value(final Outcome outcome, final int seed, final double time, final double mbits) {
            return outcome.recordings()
                    .get(seed)
                    .valueAt(outcome.measure(), point -> seconds(outcome, point, mbits), time);
        }
    }

    private static Table epochs(final Clock clock, final Outcome vote, final Outcome mean) {
        final List<List<String>> rows = new ArrayList<>();
        for (final double mbits : ALL_MBITS) {
            final double voting = clock.epoch(vote, 0, mbits);
            final double averaging = clock.epoch(mean, 0, mbits);
            rows.add(List.of(
                    (int) mbits + " Mbit/s",
                    Results.number(voting) + " s",
                    Results.number(averaging) + " s",
                    Results.number(averaging / voting)));
        }
        return new Table(
                String.format(
                        "a pass over the text; a step alone takes %s ms with the vote, %s ms with Adam",
                        Results.number(1e3 * clock.voteStep()), Results.number(1e3 * clock.meanStep())),
                List.of("bandwidth", vote.arm().label(), mean.arm().label(), "times faster"),
                rows);
    }

    private static Claim degrades(final Bench bench, final Outcome vote, final Outcome mean) {
        return new Claim(
                "6-epochs",
                "by epochs, the vote is somewhat worse than Adam",
                "the vote's loss at the end is above Adam's, by at most " + Math.round(100 * (DEGRADED - 1)) + " %",
                new Checks(bench)
                        .add("above", seed -> vote.value(seed) > mean.value(seed))
                        .add("not far above", seed -> vote.value(seed) <= DEGRADED * mean.value(seed))
                        .list(),
                Language.told(vote.mean()) + " with the vote, " + Language.told(mean.mean()) + " with Adam");
    }

    private static Claim faster(final Bench bench, final Clock clock, final Outcome vote, final Outcome mean) {
        return new Claim(
                "6-epoch-time",
                "an epoch is roughly three times faster",
                "at " + (int) MBITS + " Mbit/s Adam takes at least " + FASTER + " times as long for a pass",
                new Checks(bench)
                        .add(
                                "faster",
                                seed -> FASTER * clock.epoch(vote, seed, MBITS) <= clock.epoch(mean, seed, MBITS))
                        .list(),
                Results.number(clock.epoch(vote, 0, MBITS)) + " s and " + Results.number(clock.epoch(mean, 0, MBITS))
                        + " s, " + Results.number(clock.epoch(mean, 0, MBITS) / clock.epoch(vote, 0, MBITS))
                        + " times");
    }

    private static Claim similar(final Bench bench, final Clock clock, final Outcome vote, final Outcome mean) {
        return new Claim(
                "6-time",
                "in the same time both come to a similar perplexity",
                "when the vote's run ends, its loss is at most " + Math.round(100 * (SIMILAR - 1))
                        + " % above that of Adam's run at the same time",
                new Checks(bench)
                        .add("similar", seed -> vote.value(seed) <= SIMILAR * meanAtVotesEnd(clock, vote, mean, seed))
                        .list(),
                Language.told(vote.value(0)) + " with the vote, " + Language.told(meanAtVotesEnd(clock, vote, mean, 0))
                        + " with Adam after as many seconds, seed " + bench.seed());
    }

    private static double meanAtVotesEnd(final Clock clock, final Outcome vote, final Outcome mean, final int seed) {
        final double end = clock.seconds(vote, vote.recordings().get(seed).last(), MBITS);
        return clock.value(mean, seed, end, MBITS);
    }
}
