package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Quadratic;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The toy quadratic: more workers, and more of them inverting. */
final class Figure1 implements Figure {
    private static final Prose PROSE = Prose.of("figure-1");
    private static final int DIMENSIONS = 1000;
    private static final float START = 1;
    private static final float RATE = 0.01f;
    private static final int RANKS = 27;
    private static final int[] WORKERS = {1, 3, 9, 27};
    private static final int[] INVERTING = {0, 3, 6, 9, 11, 13, 14, 16};

    private final Quadratic problem = new Quadratic(DIMENSIONS, START, 1, Quadratic.Watch.OBJECTIVE);

    @Override
    public List<String> names() {
        return List.of("1");
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
        final TrialSettings base = new TrialSettings(
                problem,
                Method.vote(0),
                Participants.honest(ranks),
                1,
                context.scale().of(400, 800, 2000),
                100,
                RateSchedule.CONSTANT,
                RATE,
                0,
                Split.TEST);
        final List<Contender> workers = scaled(WORKERS, ranks).stream()
                .map(count -> contender(
                        count + (count == 1 ? " worker" : " workers"), base.participants(Participants.honest(count))))
                .toList();
        final List<Contender> inverting = scaled(INVERTING, ranks).stream()
                .map(count -> contender(
                        count + " invert", base.participants(base.participants().with(Attack.INVERT, count))))
                .toList();
        final List<Contender> contenders = new ArrayList<>(workers);
        contenders.addAll(inverting);
        final Map<Contender, Outcome> all = context.study(title(), contenders);
        final List<Outcome> byWorkers = workers.stream().map(all::get).toList();
        final List<Outcome> byInverting = inverting.stream().map(all::get).toList();
        return new FigureReport(
                id(),
                title(),
                PROSE.caption("ranks", ranks),
                new Settings(context, PROSE)
                        .addShared(base)
                        .addText("changed")
                        .add("method", base.method().settings())
                        .addText("rate", "rate", RATE)
                        .table(),
                List.of(
                        panel("Workers, none of them adversaries", byWorkers),
                        panel("Adversaries of " + ranks, byInverting)),
                2,
                List.of(Results.table(all.values())),
                Results.csv(all.values(), context.seed()),
                claims(context, byWorkers, byInverting, ranks),
                List.of());
    }

    private static Contender contender(final String label, final TrialSettings settings) {
        return new Contender(label, settings, new Search(settings, List.of(RATE)));
    }

    /** The counts of 27, as the same shares of another number of ranks. */
    private static Collection<Integer> scaled(final int[] counts, final int ranks) {
        return IntStream.of(counts)
                .map(count -> Math.max(Math.min(1, count), Math.round((float) count * ranks / RANKS)))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static LinePanel panel(final String title, final List<Outcome> outcomes) {
        final LinePanel panel =
                new LinePanel(title, "steps", "f(x), logarithmic").logY().legendOutside();
        for (final Outcome outcome : outcomes) {
            panel.add(Line.of(
                    outcome.contender().label(),
                    outcome.table(point -> point.step()),
                    outcome.curves(),
                    Line.Look.PLAIN));
        }
        return panel;
    }

    List<Claim> claims(
            final FigureContext context,
            final List<Outcome> byWorkers,
            final List<Outcome> byInverting,
            final int ranks) {
        return List.of(
                floor(context, byWorkers), below(context, byInverting, ranks), above(context, byInverting, ranks));
    }

    private static Claim floor(final FigureContext context, final List<Outcome> outcomes) {
        final ClaimChecks checks = new ClaimChecks(context);
        for (int i = 1; i < outcomes.size(); i++) {
            final Outcome fewer = outcomes.get(i - 1);
            final Outcome more = outcomes.get(i);
            checks.add(
                    more.contender().label() + " below " + fewer.contender().label(),
                    seed -> floor(more, seed) < floor(fewer, seed));
            checks.differ(
                    more.contender().label() + " less " + fewer.contender().label(),
                    "",
                    seed -> floor(more, seed) - floor(fewer, seed));
        }
        return checks.claim(PROSE.claim("1-workers"), measured(outcomes, outcome -> meanFloor(context, outcome)));
    }

    private Claim below(final FigureContext context, final List<Outcome> outcomes, final int ranks) {
        final List<Outcome> few = outcomes.stream()
                .filter(outcome -> 2 * outcome.contender().base().participants().liars() < ranks)
                .toList();
        final ClaimChecks checks = new ClaimChecks(context);
        few.forEach(outcome ->
                checks.add(outcome.contender().label(), seed -> outcome.value(seed) < problem.startValue() / 2));
        return checks.claim(
                PROSE.claim("1-below-half"),
                "from " + Results.number(problem.startValue()) + " to " + measured(few, Outcome::mean));
    }

    private Claim above(final FigureContext context, final List<Outcome> outcomes, final int ranks) {
        final List<Outcome> many = outcomes.stream()
                .filter(outcome -> 2 * outcome.contender().base().participants().liars() > ranks)
                .toList();
        final ClaimChecks checks = new ClaimChecks(context);
        many.forEach(
                outcome -> checks.add(outcome.contender().label(), seed -> outcome.value(seed) > problem.startValue()));
        return checks.claim(
                PROSE.claim("1-above-half"),
                "from " + Results.number(problem.startValue()) + " to " + measured(many, Outcome::mean));
    }

    private static String measured(final List<Outcome> outcomes, final Function<Outcome, Double> value) {
        return outcomes.stream()
                .map(outcome -> Results.number(value.apply(outcome)) + " with "
                        + outcome.contender().label())
                .collect(Collectors.joining(", "));
    }

    private static double floor(final Outcome outcome, final int seed) {
        final double[] values = outcome.curves()[seed];
        return Arrays.stream(values, values.length * 4 / 5, values.length)
                .average()
                .orElseThrow();
    }

    private static double meanFloor(final FigureContext context, final Outcome outcome) {
        return IntStream.range(0, context.seeds())
                .mapToDouble(seed -> floor(outcome, seed))
                .average()
                .orElseThrow();
    }
}
