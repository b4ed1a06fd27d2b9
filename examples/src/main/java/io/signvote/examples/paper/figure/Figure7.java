package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Sheet;
import io.signvote.examples.qsgd.Norm;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The vote against QSGD, by steps and by bytes. */
final class Figure7 implements Figure {
    private static final int RANKS = 3;
    private static final int BATCH = 32;
    private static final float MOMENTUM = 0.9f;
    private static final int[] LEVELS = {1, 2, 4, 8};
    private static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    private static final List<Float> MEAN_RATES = List.of(1e-3f, 3e-3f, 1e-2f, 3e-2f, 1e-1f);
    private static final String CHANGED =
            "after runs of this figure had been seen: the grids grew from four rates to five, by 1e-2 for the vote and by 3e-3 for"
                    + " averaging and QSGD; steps went from 500 to 300 to fit the time limit; the claims on bytes in the L2 norm and"
                    + " on equal bytes were added, and bytes count once instead of on each seed";

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
                Participants.honest(bench.ranks(RANKS)),
                BATCH,
                bench.scale().of(60, 300, 5000),
                bench.scale().of(4, 10, 20),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
        final Contender vote = contender(base, VOTE_RATES);
        final Contender mean = contender(base.method(Method.sgd(MOMENTUM)), MEAN_RATES);
        final List<Contender> l2 = contenders(base, Norm.L2);
        final List<Contender> max = contenders(base, Norm.MAX);
        final List<Contender> contenders = new ArrayList<>(List.of(vote, mean));
        contenders.addAll(l2);
        contenders.addAll(max);
        final Map<String, Outcome> all = bench.study(title(), contenders);
        return new Sheet(
                id(),
                title(),
                "Test accuracy of the vote and of QSGD at 1, 2, 4 and 8 levels: with the L2 norm, which its theory has, and with"
                        + " the max norm, which its experiments have; by steps and by what a rank sends. Averaging is the"
                        + " reference.",
                new Settings(bench)
                        .addPaper(Original.FIGURES_7_AND_10)
                        .addShared(base)
                        .addMethods(contenders)
                        .add("coding", "Elias' recursive code: of gap, sign and level for L2; of every level for max")
                        .add(
                                "departs from the source",
                                "our code for L2 begins each tensor with the number of its levels that are not 0. QSGD's own code does"
                                        + " not send that number")
                        .add(
                                "exchange",
                                "votes and sums by the sharded allreduce; QSGD's messages go to every other rank")
                        .add("changed", CHANGED)
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
                new CompressionClaims(bench, all.get(vote.label()), outcomes(all, l2), outcomes(all, max)).list(),
                Results.edges(all.values()));
    }

    private static Contender contender(final TrialSettings base, final List<Float> rates) {
        return new Contender(base.method().name(), base, new Search(base, rates));
    }

    private static List<Contender> contenders(final TrialSettings base, final Norm norm) {
        final List<Contender> contenders = new ArrayList<>();
        for (final int levels : LEVELS) {
            contenders.add(contender(base.method(Method.qsgd(levels, norm, MOMENTUM)), MEAN_RATES));
        }
        return contenders;
    }

    private static List<Outcome> outcomes(final Map<String, Outcome> all, final List<Contender> contenders) {
        return contenders.stream().map(contender -> all.get(contender.label())).toList();
    }

    private static List<Outcome> picked(
            final Map<String, Outcome> all,
            final Contender vote,
            final Contender mean,
            final List<Contender> contenders) {
        final List<Outcome> picked = new ArrayList<>(List.of(all.get(vote.label()), all.get(mean.label())));
        picked.addAll(outcomes(all, contenders));
        return picked;
    }
}
