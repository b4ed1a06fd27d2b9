package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Split;
import io.signvote.examples.task.TextProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A language model: Signum at growing batch sizes, Adam at the smallest beside it. */
final class Figure11 implements Figure {
    static final Prose PROSE = Prose.of("figure-11");
    private static final int RANKS = 1;
    /** Ascending; each divides the last. */
    private static final int[] BATCHES = {2, 4, 8, 16};

    private static final float MOMENTUM = 0.9f;

    @Override
    public List<String> names() {
        return List.of("11");
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
        final TextProblem problem = LanguageModel.problem(context);
        final Participants participants = Participants.honest(context.ranks(RANKS));
        final int largest = BATCHES[BATCHES.length - 1];
        final int pieces = largest * context.scale().of(48, 600, 4000);
        final List<Contender> contenders = new ArrayList<>();
        for (final int batch : BATCHES) {
            contenders.add(contender(
                    context,
                    "Signum",
                    problem,
                    Method.vote(MOMENTUM),
                    participants,
                    batch,
                    pieces / batch,
                    LanguageModel.RATES));
        }
        contenders.add(contender(
                context,
                "Adam",
                problem,
                Method.adam(),
                participants,
                BATCHES[0],
                pieces / BATCHES[0],
                LanguageModel.RATES));
        final Map<Contender, Outcome> all = context.study(title(), contenders);
        final List<Outcome> signums =
                contenders.stream().limit(BATCHES.length).map(all::get).toList();
        final TrialSettings base = contenders.get(0).base();
        return new FigureReport(
                id(),
                title(),
                PROSE.caption(
                        "ranks",
                        participants.ranks() + (participants.ranks() == 1 ? " rank" : " ranks"),
                        "batches",
                        Arrays.toString(BATCHES)),
                new Settings(context, PROSE)
                        .add("model and data", problem.description())
                        .add("ranks", participants.ranks())
                        .add(
                                "batches of a rank",
                                Arrays.toString(BATCHES) + " pieces of " + LanguageModel.PIECE + " characters")
                        .add(
                                "steps",
                                contenders.stream()
                                        .map(contender -> contender.base().steps() + " (" + contender.label() + ")")
                                        .collect(Collectors.joining(", ")))
                        .add("passes over the training data", Results.number(base.epochs(base.steps())))
                        .add("rate over a run", base.schedule().summary())
                        .add("grid of rates", LanguageModel.grid())
                        .addMethods(contenders)
                        .addPaper()
                        .addText("changed")
                        .table(),
                List.of(
                        Curves.byEpochs("By passes over the text", all.values()).legendOutside(),
                        Curves.bySteps("By steps, logarithmic", all.values())
                                .logX()
                                .legendOutside()),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), context.seed()),
                new BatchClaims(context, signums, all.get(contenders.get(BATCHES.length))).list(),
                Results.edges(all.values()));
    }

    private static Contender contender(
            final FigureContext context,
            final String name,
            final TextProblem problem,
            final Method method,
            final Participants participants,
            final int batch,
            final int steps,
            final List<Float> rates) {
        final TrialSettings settings = new TrialSettings(
                problem,
                method,
                participants,
                batch,
                steps,
                context.scale().of(12, 12, 24),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
        return new Contender(name + ", batch " + batch, settings, new Search(settings, rates));
    }
}
