package io.signvote.examples.paper.figure;

import io.signvote.examples.Schedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Arm;
import io.signvote.examples.paper.run.Crew;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The vote against Multi-Krum, with adversaries that send large gradients. */
final class Figure9 implements Figure {
    private static final int RANKS = 7;
    private static final int BATCH = 32;
    private static final int ADVERSARIES_MAX = 3;
    private static final int KRUM_LIARS = 2;
    private static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    private static final List<Float> MEAN_RATES = List.of(1e-2f, 3e-2f, 1e-1f, 3e-1f, 1f);
    private static final double LEARNS = 0.75;

    @Override
    public List<String> names() {
        return List.of("9");
    }

    @Override
    public String title() {
        return "Figure 9: majority vote against Multi-Krum";
    }

    @Override
    public int leastRanks() {
        return 2 * KRUM_LIARS + 3;
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final int ranks = bench.ranks(RANKS);
        final TrialSettings base = new TrialSettings(
                bench.imageProblem(),
                Method.vote(0),
                Crew.honest(ranks),
                BATCH,
                bench.scale().of(40, 120, 3000),
                bench.scale().of(4, 6, 20),
                Schedule.STEP,
                1,
                0,
                Split.TEST);
        final Method vote = Method.vote(0);
        final List<Method> krums = new ArrayList<>();
        for (final int chosen : new TreeSet<>(List.of(1, ranks - KRUM_LIARS - 2, ranks - KRUM_LIARS))) {
            krums.add(Method.krum(KRUM_LIARS, chosen, 0));
        }
        final List<Method> methods = new ArrayList<>(List.of(vote));
        methods.addAll(krums);
        methods.add(Method.sgd(0));
        final List<Arm> arms = new ArrayList<>();
        for (final Method method : methods) {
            addArms(arms, base.method(method), method == vote ? VOTE_RATES : MEAN_RATES);
        }
        final Map<String, Outcome> all = bench.study(title(), arms);
        final List<Panel> panels = new ArrayList<>();
        for (final Method method : methods) {
            panels.add(Curves.bySteps(method.name(), of(all, method))
                    .yMin(0)
                    .yMax(100)
                    .legendOutside());
        }
        return new Sheet(
                id(),
                title(),
                "Test accuracy with 0 to 3 of " + ranks
                        + " ranks sending -10 g (negative) or 10 g with random signs (random)."
                        + " Multi-Krum is told that up to f = " + KRUM_LIARS
                        + " lie; m gradients are averaged of those it"
                        + " trusts. Rates are those found without adversaries.",
                new Settings(bench)
                        .addShared(base)
                        .addMethods(arms)
                        .add("negative", Attack.NEGATIVE.summary())
                        .add("random", Attack.RANDOM.summary())
                        .table(),
                panels,
                3,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), bench.seed()),
                List.of(
                        learns(bench, all, vote, "9-vote-learns", "the vote learns with up to three such adversaries"),
                        breaks(bench, all, vote, krums),
                        diverges(bench, all, vote)),
                notes(all));
    }

    private static List<String> notes(final Map<String, Outcome> all) {
        final List<String> notes = new ArrayList<>(Results.edges(all.values()));
        notes.add(
                "m = 1 is Krum, m = n - f - 2 and m = n - f are Multi-Krum's usual choices; the paper does not say which it"
                        + " took");
        return notes;
    }

    private static void addArms(final List<Arm> arms, final TrialSettings base, final List<Float> rates) {
        final Search clean = new Search(base, rates);
        arms.add(new Arm(label(base.method(), null, 0), base, clean));
        for (final Attack attack : List.of(Attack.NEGATIVE, Attack.RANDOM)) {
            for (int liars = 1; liars <= ADVERSARIES_MAX; liars++) {
                arms.add(new Arm(
                        label(base.method(), attack, liars),
                        base.crew(base.crew().with(attack, liars)),
                        clean));
            }
        }
    }

    private static String label(final Method method, final Attack attack, final int liars) {
        return method.name() + ", " + condition(attack, liars);
    }

    private static String condition(final Attack attack, final int liars) {
        return liars == 0 ? "none" : liars + (attack == Attack.NEGATIVE ? " negative" : " random");
    }

    private static List<Outcome> of(final Map<String, Outcome> all, final Method method) {
        return all.values().stream()
                .filter(outcome -> outcome.arm().base().method() == method)
                .toList();
    }

    private static Claim learns(
            final Bench bench,
            final Map<String, Outcome> all,
            final Method method,
            final String id,
            final String paper) {
        final Outcome clean = all.get(label(method, null, 0));
        final Checks checks = new Checks(bench);
        of(all, method).stream()
                .filter(outcome -> outcome != clean)
                .forEach(outcome ->
                        checks.add(outcome.arm().label(), seed -> outcome.value(seed) >= LEARNS * clean.value(seed)));
        return new Claim(
                id,
                paper,
                "accuracy is at least three quarters of that without adversaries",
                checks.list(),
                measured(of(all, method)));
    }

    private static Claim breaks(
            final Bench bench, final Map<String, Outcome> all, final Method vote, final List<Method> krums) {
        final Outcome voted = all.get(label(vote, Attack.NEGATIVE, KRUM_LIARS + 1));
        final Checks checks = new Checks(bench);
        final List<Outcome> outcomes = new ArrayList<>(List.of(voted));
        for (final Method krum : krums) {
            final Outcome krummed = all.get(label(krum, Attack.NEGATIVE, KRUM_LIARS + 1));
            outcomes.add(krummed);
            checks.add(krum.name(), seed -> krummed.value(seed) < voted.value(seed));
        }
        return new Claim(
                "9-beyond-f",
                "Multi-Krum fails when there are more adversaries than it was told of; the vote degrades gracefully",
                "with " + (KRUM_LIARS + 1)
                        + " negative adversaries Multi-Krum's accuracy is below the vote's, for each m",
                checks.list(),
                measured(outcomes));
    }

    private static Claim diverges(final Bench bench, final Map<String, Outcome> all, final Method vote) {
        final Method mean = Method.sgd(0);
        final Outcome averaged = all.get(label(mean, Attack.NEGATIVE, 1));
        final Outcome voted = all.get(label(vote, Attack.NEGATIVE, 1));
        return new Claim(
                "9-one-sender",
                "a single rank can spoil an average, but not a vote",
                "with one rank sending -10 g averaging comes to less than half of its accuracy without, the vote to at least"
                        + " three quarters of its own",
                new Checks(bench)
                        .add(
                                "averaging",
                                seed -> averaged.value(seed)
                                        < all.get(label(mean, null, 0)).value(seed) / 2)
                        .add(
                                "vote",
                                seed -> voted.value(seed)
                                        >= LEARNS
                                                * all.get(label(vote, null, 0)).value(seed))
                        .list(),
                measured(List.of(averaged, voted)));
    }

    private static String measured(final List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> Results.number(outcome.mean()) + " % with "
                        + outcome.arm().label())
                .collect(Collectors.joining("; "));
    }
}
