package io.signvote.examples.paper.figure;

import io.signvote.examples.Schedule;
import io.signvote.examples.adversary.Attack;
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
import java.util.stream.Collectors;

/** Robustness: up to three of seven ranks invert their signs. */
final class Figure8 implements Figure {
    private static final int RANKS = 7;
    static final int BATCH = 32;
    static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    static final List<Float> MEAN_RATES = List.of(3e-3f, 1e-2f, 3e-2f, 1e-1f, 3e-1f);
    private static final String VOTE = "vote";
    private static final String MEAN = "mean";
    private static final String OWN_RATE = ", own rate";
    private static final double LEARNS = 0.75;

    @Override
    public List<String> names() {
        return List.of("8");
    }

    @Override
    public String title() {
        return "Figure 8: robustness to inverting ranks";
    }

    /** What runs without adversaries, by vote; figure 5 takes these runs too, so that what is kept serves both. */
    static TrialSettings honest(final Bench bench) throws IOException {
        return new TrialSettings(
                bench.imageProblem(),
                Method.vote(0.9f),
                Crew.honest(bench.ranks(RANKS)),
                BATCH,
                bench.scale().of(80, 400, 3000),
                bench.scale().of(4, 10, 20),
                Schedule.STEP,
                1,
                0,
                Split.TEST);
    }

    @Override
    public int leastRanks() {
        return 3;
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final int ranks = bench.ranks(RANKS);
        final int most = (ranks - 1) / 2;
        final TrialSettings base = honest(bench);
        final List<Arm> arms = new ArrayList<>();
        addArms(arms, VOTE, base, VOTE_RATES, most);
        addArms(arms, MEAN, base.method(Method.sgd(0.9f)), MEAN_RATES, most);
        final Crew colluding = base.crew().with(Attack.COLLUDE, most);
        arms.add(new Arm(
                VOTE + ", " + most + " collude",
                base.crew(colluding),
                arms.get(0).search()));
        final Map<String, Outcome> all = bench.study(title(), arms);
        return new Sheet(
                id(),
                title(),
                "Test accuracy with 0 to " + most + " of " + ranks
                        + " ranks inverting the signs of their gradients. All else is"
                        + " as without them, the rate too; once more at a rate found under the strongest attack (own rate). Plain"
                        + " averaging beside it.",
                new Settings(bench)
                        .addShared(base)
                        .addMethods(arms)
                        .add("adversaries", Attack.INVERT.summary() + "; " + Attack.COLLUDE.summary())
                        .table(),
                List.of(
                        Curves.bySteps("Majority vote", starting(all, VOTE))
                                .yMin(0)
                                .yMax(100),
                        Curves.bySteps("Averaging", starting(all, MEAN)).yMin(0).yMax(100)),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), bench.seed()),
                List.of(learns(bench, all, most), lower(bench, all, most), loses(bench, all, most)),
                notes(all));
    }

    private static List<String> notes(final Map<String, Outcome> all) {
        final List<String> notes = new ArrayList<>(Results.edges(all.values()));
        notes.add("adversaries that collude are outside the paper's promise; their line is for comparison");
        return notes;
    }

    private static void addArms(
            final List<Arm> arms,
            final String name,
            final TrialSettings base,
            final List<Float> rates,
            final int most) {
        final Search clean = new Search(base, rates);
        for (int liars = 0; liars <= most; liars++) {
            arms.add(new Arm(label(name, liars), base.crew(base.crew().with(Attack.INVERT, liars)), clean));
        }
        final TrialSettings attacked = base.crew(base.crew().with(Attack.INVERT, most));
        arms.add(new Arm(label(name, most) + OWN_RATE, attacked, new Search(attacked, rates)));
    }

    private static String label(final String name, final int liars) {
        return name + ", " + liars + " invert";
    }

    private static List<Outcome> starting(final Map<String, Outcome> all, final String name) {
        return all.values().stream()
                .filter(outcome -> outcome.arm().label().startsWith(name + ","))
                .toList();
    }

    private static Claim learns(final Bench bench, final Map<String, Outcome> all, final int most) {
        final Outcome clean = all.get(label(VOTE, 0));
        final Checks checks = new Checks(bench);
        for (int liars = 1; liars <= most; liars++) {
            final Outcome attacked = all.get(label(VOTE, liars));
            checks.add(liars + " invert", seed -> attacked.value(seed) >= LEARNS * clean.value(seed));
        }
        return new Claim(
                "8-learns",
                "the vote still learns with up to 43 % of the ranks inverting, at the same settings",
                "accuracy is at least three quarters of that without adversaries",
                checks.list(),
                measured(starting(all, VOTE)));
    }

    private static Claim lower(final Bench bench, final Map<String, Outcome> all, final int most) {
        final Outcome same = all.get(label(VOTE, most));
        final Outcome own = all.get(label(VOTE, most) + OWN_RATE);
        return new Claim(
                "8-lower-rate",
                "with 43 % inverting, training is better at a lower rate",
                "the rate found under attack is lower than the one found without, and accuracy at it is higher",
                new Checks(bench)
                        .add(
                                most + " invert",
                                seed -> own.found().rate() < same.found().rate() && own.value(seed) > same.value(seed))
                        .list(),
                Results.number(own.mean()) + " % at " + own.found().rate() + ", " + Results.number(same.mean())
                        + " % at " + same.found().rate());
    }

    private static Claim loses(final Bench bench, final Map<String, Outcome> all, final int most) {
        final Checks checks = new Checks(bench);
        for (int liars = 1; liars <= most; liars++) {
            final String with = label(VOTE, liars);
            final String without = label(MEAN, liars);
            checks.add(
                    liars + " invert",
                    seed -> all.get(label(VOTE, 0)).value(seed) - all.get(with).value(seed)
                            < all.get(label(MEAN, 0)).value(seed)
                                    - all.get(without).value(seed));
        }
        return new Claim(
                "8-loses-less",
                "the vote is more robust than averaging",
                "the vote loses fewer points of accuracy to inverting ranks than averaging does, each at its own rate",
                checks.list(),
                "averaging: " + measured(starting(all, MEAN)));
    }

    private static String measured(final List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> Results.number(outcome.mean()) + " % with "
                        + outcome.arm().label())
                .collect(Collectors.joining("; "));
    }
}
