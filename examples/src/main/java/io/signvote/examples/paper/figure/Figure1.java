package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Kind;
import io.signvote.examples.paper.sheet.Sheet;
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
    private static final int DIMENSIONS = 1000;
    private static final float START = 1;
    private static final float RATE = 0.01f;
    private static final int RANKS = 27;
    private static final int[] WORKERS = {1, 3, 9, 27};
    private static final int[] LIARS = {0, 3, 6, 9, 11, 13, 14, 16};

    private final Quadratic problem = new Quadratic(DIMENSIONS, START, 1, Quadratic.Watch.OBJECTIVE);

    @Override
    public List<String> names() {
        return List.of("1");
    }

    @Override
    public String title() {
        return "Figure 1: majority vote on a toy quadratic";
    }

    @Override
    public int leastRanks() {
        return 3;
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final int ranks = bench.ranks(RANKS);
        final TrialSettings base = new TrialSettings(
                problem,
                Method.vote(0),
                Participants.honest(ranks),
                1,
                bench.scale().of(400, 800, 2000),
                100,
                RateSchedule.CONSTANT,
                RATE,
                0,
                Split.TEST);
        final List<Contender> workers = scaled(WORKERS, ranks).stream()
                .map(count -> contender(
                        count + (count == 1 ? " worker" : " workers"), base.participants(Participants.honest(count))))
                .toList();
        final List<Contender> liars = scaled(LIARS, ranks).stream()
                .map(count -> contender(
                        count + " invert", base.participants(base.participants().with(Attack.INVERT, count))))
                .toList();
        final List<Contender> contenders = new ArrayList<>(workers);
        contenders.addAll(liars);
        final Map<String, Outcome> all = bench.study(title(), contenders);
        final List<Outcome> byWorkers = outcomes(all, workers);
        final List<Outcome> byLiars = outcomes(all, liars);
        return new Sheet(
                id(),
                title(),
                "f(x) = |x|^2 / 2 by steps of signSGD with majority vote. Left: the more workers, the lower the floor of noise."
                        + " Right: of " + ranks + " workers, fewer than half that invert their signs slow it down.",
                new Settings(bench)
                        .addShared(base)
                        .add("changed", "after first runs had been seen: steps, 1,000 to 800, for time")
                        .add("method", base.method().settings())
                        .add("rate", RATE + ", our choice, and the start; the paper does not give them")
                        .table(),
                List.of(
                        panel("Workers, none of them adversaries", byWorkers),
                        panel("Adversaries of " + ranks, byLiars)),
                2,
                List.of(Results.table(all.values())),
                Results.csv(all.values(), bench.seed()),
                List.of(floor(bench, byWorkers), below(bench, byLiars, ranks), above(bench, byLiars, ranks)),
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

    private static List<Outcome> outcomes(final Map<String, Outcome> all, final List<Contender> contenders) {
        return contenders.stream().map(contender -> all.get(contender.label())).toList();
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

    private Claim floor(final Bench bench, final List<Outcome> outcomes) {
        final Checks checks = new Checks(bench);
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
        return checks.claim(
                "1-workers",
                Kind.PAPER,
                "more workers reach a lower floor",
                "mean of f over the last fifth of the steps is lower with the next larger number of workers",
                measured(outcomes, outcome -> meanFloor(bench, outcome)));
    }

    private Claim below(final Bench bench, final List<Outcome> outcomes, final int ranks) {
        final List<Outcome> few = outcomes.stream()
                .filter(outcome -> 2 * outcome.contender().base().participants().liars() < ranks)
                .toList();
        final Checks checks = new Checks(bench);
        few.forEach(outcome ->
                checks.add(outcome.contender().label(), seed -> outcome.value(seed) < problem.startValue() / 2));
        return checks.claim(
                "1-below-half",
                Kind.PAPER,
                "majority vote converges with fewer than half of the workers inverting",
                "f at the end is below half of f at the start",
                "from " + Results.number(problem.startValue()) + " to " + measured(few, Outcome::mean));
    }

    private Claim above(final Bench bench, final List<Outcome> outcomes, final int ranks) {
        final List<Outcome> many = outcomes.stream()
                .filter(outcome -> 2 * outcome.contender().base().participants().liars() > ranks)
                .toList();
        final Checks checks = new Checks(bench);
        many.forEach(
                outcome -> checks.add(outcome.contender().label(), seed -> outcome.value(seed) > problem.startValue()));
        return checks.claim(
                "1-above-half",
                Kind.PAPER,
                "it cannot with more than half",
                "f at the end is above f at the start",
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

    private static double meanFloor(final Bench bench, final Outcome outcome) {
        return IntStream.range(0, bench.seeds())
                .mapToDouble(seed -> floor(outcome, seed))
                .average()
                .orElseThrow();
    }
}
