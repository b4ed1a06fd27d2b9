package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.figure.BoundCheck.Case;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Quadratic;
import io.signvote.examples.task.Quadratic.Watch;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The theorems' two sides on the toy quadratic, whose constants are known: is the left one below the right one for every K? */
final class RatesFigure implements Figure {
    static final Prose PROSE = Prose.of("rates");
    private static final int DIMENSIONS = 1000;
    private static final float START = 1;
    private static final double[] SIGMAS = {0.1, 1, 10};
    private static final double VOTE_SIGMA = 1;
    private static final int RANKS = 27;

    @Override
    public List<String> names() {
        return List.of("rates");
    }

    @Override
    public String title() {
        return PROSE.title();
    }

    @Override
    public int leastRanks() {
        return 3;
    }

    @Override
    public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
        final int ranks = context.ranks(RANKS);
        final int most = (ranks - 1) / 2;
        final List<Case> cases = new ArrayList<>();
        for (final double sigma : SIGMAS) {
            smallBatchSteps(context.scale()).forEach(steps -> cases.add(smallBatch(sigma, steps)));
        }
        for (int liars = 0; liars <= most; liars++) {
            for (final int steps : voteSteps(context.scale())) {
                cases.add(vote(Participants.honest(ranks).with(Attack.INVERT, liars), steps));
            }
        }
        if (most > 0) {
            for (final Attack attack : List.of(Attack.RESCALE, Attack.RANDOMISE)) {
                voteSteps(context.scale())
                        .forEach(steps ->
                                cases.add(vote(Participants.honest(ranks).with(attack, most), steps)));
            }
        }
        voteSteps(context.scale())
                .forEach(steps ->
                        cases.add(vote(Participants.honest(ranks).with(Attack.INVERT, ranks / 2 + 1), steps)));
        final Map<Contender, Outcome> all =
                context.study(title(), cases.stream().map(Case::contender).toList());
        final List<BoundCheck> checks =
                cases.stream().map(each -> BoundCheck.of(each, all)).toList();
        final List<BoundCheck> first = BoundCheck.some(checks, each -> each.theorem() == 1);
        final List<BoundCheck> second =
                BoundCheck.some(checks, each -> each.theorem() == 2 && Double.isFinite(each.bound()));
        final List<BoundCheck> control = BoundCheck.some(checks, each -> !Double.isFinite(each.bound()));
        final List<List<BoundCheck>> drawn = new ArrayList<>(IntStream.of(0, most)
                .distinct()
                .mapToObj(liars -> BoundCheck.some(
                        inverting(second), each -> each.participants().liars() == liars))
                .toList());
        drawn.add(control);
        return new FigureReport(
                id(),
                title(),
                PROSE.caption("ranks", ranks),
                settings(context, ranks),
                List.of(
                        BoundCharts.overSteps(
                                "Theorem 1: one worker, batch 1",
                                Arrays.stream(SIGMAS)
                                        .mapToObj(sigma -> BoundCheck.some(first, each -> each.sigma() == sigma))
                                        .toList(),
                                true),
                        BoundCharts.overSteps("Theorem 2: a vote, batch K", drawn, false),
                        BoundCharts.nearness("Theorem 2: nearness to the bound", inverting(second))),
                3,
                List.of(BoundCharts.table(first), BoundCharts.table(second), BoundCharts.control(control)),
                BoundCharts.csv(checks, context.seed()),
                new BoundClaims(context, first, second, control).list(),
                List.of(
                        PROSE.note("expectation"),
                        PROSE.note("loose bound", "most", most, "worst", Results.number(worst(second, most))),
                        PROSE.note("noise")));
    }

    private static List<BoundCheck> inverting(final List<BoundCheck> checks) {
        return BoundCheck.some(
                checks,
                each -> each.participants().liars() == 0 || each.participants().attack() == Attack.INVERT);
    }

    /** The greatest share of its bound that the left side has with the most that may invert. */
    private static double worst(final List<BoundCheck> second, final int most) {
        return BoundCheck.some(inverting(second), each -> each.participants().liars() == most).stream()
                .mapToDouble(BoundCheck::worst)
                .max()
                .orElseThrow();
    }

    private static List<Integer> smallBatchSteps(final Scale scale) {
        return switch (scale) {
            case QUICK -> List.of(1, 3, 10, 30, 100, 300);
            case DEFAULT -> upTo(5000);
            case FULL -> upTo(50_000);
        };
    }

    private static List<Integer> voteSteps(final Scale scale) {
        return switch (scale) {
            case QUICK -> List.of(1, 3, 10, 30);
            case DEFAULT -> List.of(1, 2, 5, 10, 20, 50, 100);
            case FULL -> upTo(1000);
        };
    }

    /** Every K to 10, then 1, 2 and 5 times the powers of ten. */
    private static List<Integer> upTo(final int most) {
        return IntStream.rangeClosed(1, most)
                .filter(k -> {
                    final int power = (int) Math.pow(10, Math.floor(Math.log10(k)));
                    return k <= 10 || k % power == 0 && List.of(1, 2, 5).contains(k / power);
                })
                .boxed()
                .toList();
    }

    static Case smallBatch(final double sigma, final int steps) {
        final Quadratic problem = new Quadratic(DIMENSIONS, START, sigma, Watch.MIXED_NORM);
        return new Case(
                1,
                sigma,
                contender("theorem 1, sigma " + sigma + ", K=" + steps, problem, Participants.honest(1), 1, steps),
                TheoremBounds.of(problem).smallBatch(steps));
    }

    static Case vote(final Participants participants, final int steps) {
        final Quadratic problem = new Quadratic(DIMENSIONS, START, VOTE_SIGMA, Watch.NORM);
        return new Case(
                2,
                VOTE_SIGMA,
                contender("theorem 2, " + participants + ", K=" + steps, problem, participants, steps, steps),
                TheoremBounds.of(problem).vote(steps, participants.ranks(), participants.liars()));
    }

    private static Contender contender(
            final String label,
            final Quadratic problem,
            final Participants participants,
            final int batch,
            final int steps) {
        final float rate = (float) TheoremBounds.of(problem).rate(steps);
        final TrialSettings settings = new TrialSettings(
                problem, Method.vote(0), participants, batch, steps, 1, RateSchedule.CONSTANT, rate, 0, Split.TEST);
        return new Contender(label, settings, new Search(settings, List.of(rate)));
    }

    private static Table settings(final FigureContext context, final int ranks) {
        final Quadratic problem = new Quadratic(DIMENSIONS, START, VOTE_SIGMA, Watch.NORM);
        return new Settings(context, PROSE)
                .add("function", problem.description())
                .add("sigma in theorem 1", Arrays.toString(SIGMAS))
                .add(
                        "constants",
                        String.format(
                                Locale.ROOT,
                                "f0 - f* = %s, |L|_1 = %s, |sigma|_1 = %d sigma",
                                Results.number(problem.startValue()),
                                Results.number(problem.smoothness()),
                                DIMENSIONS))
                .addText("method")
                .addText("rate")
                .addText("theorem 1")
                .add("K in theorem 1", smallBatchSteps(context.scale()))
                .addText("theorem 2")
                .add("K in theorem 2", voteSteps(context.scale()))
                .add("M", ranks)
                .add(
                        "adversaries",
                        "0 to " + (ranks - 1) / 2 + " " + Attack.INVERT.summary() + "; " + (ranks - 1) / 2 + " "
                                + Attack.RESCALE.summary() + ", or " + Attack.RANDOMISE.summary())
                .add("control", ranks / 2 + 1 + " " + Attack.INVERT.summary() + ": outside the promise")
                .addText("changed")
                .table();
    }
}
