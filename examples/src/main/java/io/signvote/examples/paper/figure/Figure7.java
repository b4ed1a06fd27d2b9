package io.signvote.examples.paper.figure;

import io.signvote.examples.Schedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Arm;
import io.signvote.examples.paper.run.Crew;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.qsgd.Norm;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The vote against QSGD, by steps and by bytes. */
final class Figure7 implements Figure {
    private static final int RANKS = 3;
    private static final int BATCH = 32;
    private static final float MOMENTUM = 0.9f;
    private static final int[] LEVELS = {1, 2, 4, 8};
    private static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    private static final List<Float> MEAN_RATES = List.of(1e-3f, 3e-3f, 1e-2f, 3e-2f, 1e-1f);
    private static final double CLOSE = 2;

    @Override
    public List<String> names() {
        return List.of("7", "10");
    }

    @Override
    public String title() {
        return "Figures 7 and 10: majority vote against QSGD";
    }

    @Override
    public int leastRanks() {
        return 2;
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final TrialSettings base = new TrialSettings(
                bench.imageProblem(),
                Method.vote(MOMENTUM),
                Crew.honest(bench.ranks(RANKS)),
                BATCH,
                bench.scale().of(60, 300, 5000),
                bench.scale().of(4, 10, 20),
                Schedule.STEP,
                1,
                0,
                Split.TEST);
        final Arm vote = arm(base, VOTE_RATES);
        final Arm mean = arm(base.method(Method.sgd(MOMENTUM)), MEAN_RATES);
        final List<Arm> l2 = arms(base, Norm.L2);
        final List<Arm> max = arms(base, Norm.MAX);
        final List<Arm> arms = new ArrayList<>(List.of(vote, mean));
        arms.addAll(l2);
        arms.addAll(max);
        final Map<String, Outcome> all = bench.study(title(), arms);
        return new Sheet(
                id(),
                title(),
                "Test accuracy of the vote and of QSGD at 1, 2, 4 and 8 levels: with the L2 norm, which its theory has, and with"
                        + " the max norm, which its experiments have; by steps and by what a rank sends. Averaging is the"
                        + " reference.",
                new Settings(bench)
                        .addShared(base)
                        .addMethods(arms)
                        .add("coding", "Elias' recursive code: of gap, sign and level for L2; of every level for max")
                        .add(
                                "exchange",
                                "votes and sums by the sharded allreduce; QSGD's messages go to every other rank")
                        .table(),
                List.of(
                        Curves.bySteps("L2 norm, by steps", picked(all, vote, mean, l2))
                                .legendOutside(),
                        Curves.bySteps("Max norm, by steps", picked(all, vote, mean, max))
                                .legendOutside(),
                        Curves.byBytes("L2 norm, by bytes", picked(all, vote, mean, l2))
                                .legendOutside(),
                        Curves.byBytes("Max norm, by bytes", picked(all, vote, mean, max))
                                .legendOutside()),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), bench.seed()),
                List.of(
                        accuracy(bench, all, vote, l2, "7-accuracy-l2", "L2"),
                        accuracy(bench, all, vote, max, "10-accuracy-max", "max"),
                        bytes(bench, all, vote, max)),
                Results.edges(all.values()));
    }

    private static Arm arm(final TrialSettings base, final List<Float> rates) {
        return new Arm(base.method().name(), base, new Search(base, rates));
    }

    private static List<Arm> arms(final TrialSettings base, final Norm norm) {
        final List<Arm> arms = new ArrayList<>();
        for (final int levels : LEVELS) {
            arms.add(arm(base.method(Method.qsgd(levels, norm, MOMENTUM)), MEAN_RATES));
        }
        return arms;
    }

    private static List<Outcome> picked(
            final Map<String, Outcome> all, final Arm vote, final Arm mean, final List<Arm> arms) {
        final List<Outcome> picked = new ArrayList<>(List.of(all.get(vote.label()), all.get(mean.label())));
        arms.forEach(arm -> picked.add(all.get(arm.label())));
        return picked;
    }

    private static Claim accuracy(
            final Bench bench,
            final Map<String, Outcome> all,
            final Arm vote,
            final List<Arm> arms,
            final String id,
            final String norm) {
        final Outcome voted = all.get(vote.label());
        final Checks checks = new Checks(bench);
        arms.forEach(arm -> checks.add(
                arm.label(), seed -> voted.value(seed) > all.get(arm.label()).value(seed) - CLOSE));
        return new Claim(
                id,
                "by steps, the vote learns about as well as QSGD or better (" + norm + " norm)",
                "the vote's accuracy is above QSGD's less " + CLOSE + " points, at each number of levels",
                checks.list(),
                measured(all, vote, arms));
    }

    private static Claim bytes(
            final Bench bench, final Map<String, Outcome> all, final Arm vote, final List<Arm> arms) {
        final Outcome voted = all.get(vote.label());
        final Checks checks = new Checks(bench);
        arms.forEach(arm -> checks.add(arm.label(), seed -> sent(voted, seed) < sent(all.get(arm.label()), seed)));
        return new Claim(
                "10-bytes-max",
                "the vote sends less than QSGD with the max norm",
                "bytes that a rank sends in the same number of steps",
                checks.list(),
                arms.stream()
                        .map(arm -> String.format(
                                "%.1f times the vote's with %s",
                                sent(all.get(arm.label()), 0) / sent(voted, 0), arm.label()))
                        .collect(Collectors.joining("; ")));
    }

    private static double sent(final Outcome outcome, final int seed) {
        return outcome.recordings().get(seed).last().bytes();
    }

    private static String measured(final Map<String, Outcome> all, final Arm vote, final List<Arm> arms) {
        final List<Arm> told = new ArrayList<>(List.of(vote));
        told.addAll(arms);
        return told.stream()
                .map(arm -> Results.number(all.get(arm.label()).mean()) + " % with " + arm.label())
                .collect(Collectors.joining("; "));
    }
}
