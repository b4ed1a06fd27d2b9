package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.qsgd.Norm;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The vote against QSGD, by steps and by bytes. */
final class Figures7And10 implements Figure {
    static final Prose PROSE = Prose.of("figure-7-10");
    private static final int RANKS = 3;
    private static final int BATCH = 32;
    private static final float MOMENTUM = 0.9f;
    private static final int[] LEVELS = {1, 2, 4, 8};
    private static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    private static final List<Float> MEAN_RATES = List.of(1e-3f, 3e-3f, 1e-2f, 3e-2f, 1e-1f);

    @Override
    public List<String> names() {
        return List.of("7", "10");
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
                context.imageProblem(),
                Method.vote(MOMENTUM),
                Participants.honest(context.ranks(RANKS)),
                BATCH,
                context.scale().of(60, 300, 5000),
                context.scale().of(4, 10, 20),
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
        final Map<Contender, Outcome> all = context.study(title(), contenders);
        return new FigureReport(
                id(),
                title(),
                PROSE.caption(),
                new Settings(context, PROSE)
                        .addPaper()
                        .addShared(base)
                        .addMethods(contenders)
                        .addText("coding")
                        .addText("departs from the source")
                        .addText("exchange")
                        .addText("changed")
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
                Results.csv(all.values(), context.seed()),
                new CompressionClaims(context, all.get(vote), outcomes(all, l2), outcomes(all, max)).list(),
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

    private static List<Outcome> outcomes(final Map<Contender, Outcome> all, final List<Contender> contenders) {
        return contenders.stream().map(all::get).toList();
    }

    private static List<Outcome> picked(
            final Map<Contender, Outcome> all,
            final Contender vote,
            final Contender mean,
            final List<Contender> contenders) {
        final List<Outcome> picked = new ArrayList<>(List.of(all.get(vote), all.get(mean)));
        picked.addAll(outcomes(all, contenders));
        return picked;
    }
}
