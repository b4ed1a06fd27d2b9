package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.sheet.Sheet;
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
    private static final int RANKS = 1;
    /** Ascending; each divides the last. */
    private static final int[] BATCHES = {2, 4, 8, 16};

    private static final float MOMENTUM = 0.9f;
    private static final String CHANGED =
            "after runs of this figure had been seen: the grids moved (above); the text gone over went from 180 of the largest"
                    + " batches to 600 (with --quick from 24 to 48); the claims were"
                    + " called questions of ours for a time, and are the paper's";

    @Override
    public List<String> names() {
        return List.of("11");
    }

    @Override
    public String title() {
        return "Figure 11: a language model, Signum at growing batch sizes";
    }

    @Override
    public int leastRanks() {
        return 2;
    }

    @Override
    public Sheet draw(final Bench bench) throws IOException, InterruptedException {
        final TextProblem problem = Language.problem(bench);
        final Participants participants = Participants.honest(bench.ranks(RANKS));
        final int largest = BATCHES[BATCHES.length - 1];
        final int pieces = largest * bench.scale().of(48, 600, 4000);
        final List<Contender> contenders = new ArrayList<>();
        for (final int batch : BATCHES) {
            contenders.add(contender(
                    bench, problem, Method.vote(MOMENTUM), participants, batch, pieces / batch, Language.RATES));
        }
        contenders.add(contender(
                bench, problem, Method.adam(), participants, BATCHES[0], pieces / BATCHES[0], Language.RATES));
        final Map<String, Outcome> all = bench.study(title(), contenders);
        final List<Outcome> signums = contenders.stream()
                .limit(BATCHES.length)
                .map(contender -> all.get(contender.label()))
                .toList();
        final TrialSettings base = contenders.get(0).base();
        return new Sheet(
                id(),
                title(),
                "Test loss of a model that guesses the next character, trained by Signum on " + participants.ranks()
                        + (participants.ranks() == 1 ? " rank" : " ranks")
                        + " with batches of " + Arrays.toString(BATCHES)
                        + " pieces of text, and by Adam with the smallest; all go"
                        + " over as much text, so that larger batches take fewer steps.",
                new Settings(bench)
                        .add("model and data", problem.description())
                        .add("ranks", participants.ranks())
                        .add(
                                "batches of a rank",
                                Arrays.toString(BATCHES) + " pieces of " + Language.PIECE + " characters")
                        .add(
                                "steps",
                                contenders.stream()
                                        .map(contender -> contender.base().steps() + " (" + contender.label() + ")")
                                        .collect(Collectors.joining(", ")))
                        .add("passes over the training data", Results.number(base.epochs(base.steps())))
                        .add("rate over a run", base.schedule().summary())
                        .add("grid of rates", Language.GRID)
                        .addMethods(contenders)
                        .addPaper(Original.FIGURE_11)
                        .add("changed", CHANGED)
                        .table(),
                List.of(
                        Curves.byEpochs("By passes over the text", all.values()).legendOutside(),
                        Curves.bySteps("By steps, logarithmic", all.values())
                                .logX()
                                .legendOutside()),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), bench.seed()),
                new BatchClaims(
                                bench,
                                signums,
                                all.get(contenders.get(BATCHES.length).label()))
                        .list(),
                Results.edges(all.values()));
    }

    private static Contender contender(
            final Bench bench,
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
                bench.scale().of(12, 12, 24),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
        return new Contender(method.name().split(",")[0] + ", batch " + batch, settings, new Search(settings, rates));
    }
}
