package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.figure.RobustnessLine.Combiner;
import io.signvote.examples.paper.figure.RobustnessLine.RateChoice;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Robustness: up to three of seven ranks invert their signs. */
final class Figure8 implements Figure {
    static final Prose PROSE = Prose.of("figure-8");
    private static final int RANKS = 7;
    static final int BATCH = 32;
    static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    static final List<Float> MEAN_RATES = List.of(3e-3f, 1e-2f, 3e-2f, 1e-1f, 3e-1f);
    private static final int RANKS_MIN = 3;

    @Override
    public List<String> names() {
        return List.of("8");
    }

    @Override
    public String title() {
        return PROSE.title();
    }

    /** The vote without adversaries. Figure 5 has the same runs, so they are kept for both. */
    static TrialSettings honest(final FigureContext context) throws IOException {
        return new TrialSettings(
                context.imageProblem(),
                Method.vote(0.9f),
                Participants.honest(context.ranks(RANKS)),
                BATCH,
                context.scale().of(80, 400, 3000),
                context.scale().of(4, 10, 20),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
    }

    @Override
    public int leastRanks() {
        return RANKS_MIN;
    }

    @Override
    public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
        final int ranks = context.ranks(RANKS);
        final int most = (ranks - 1) / 2;
        final TrialSettings base = honest(context);
        final Map<RobustnessLine, Contender> contenders = new LinkedHashMap<>();
        addContenders(contenders, Combiner.VOTE, base, VOTE_RATES, most);
        final TrialSettings averaging = base.method(Method.sgd(0.9f));
        addContenders(contenders, Combiner.MEAN, averaging, MEAN_RATES, most);
        final RobustnessLine clean = RobustnessLine.of(Combiner.VOTE, 0);
        final RobustnessLine colluding = new RobustnessLine(Combiner.VOTE, most, Attack.COLLUDE, RateChoice.CLEAN);
        add(contenders, colluding, base, contenders.get(clean).search());
        final Map<RobustnessLine, Outcome> all = new LinkedHashMap<>(context.study(title(), contenders));
        final float rate = all.get(clean).found().rate();
        all.putAll(context.study(title() + ", lower rates", lower(base, rate, most)));
        final RobustnessClaims claims = new RobustnessClaims(context, all, most);
        return new FigureReport(
                id(),
                title(),
                PROSE.caption("most", most, "ranks", ranks),
                new Settings(context, PROSE)
                        .addPaper()
                        .addShared(base)
                        .addMethods(contenders.values())
                        .addText("lower rates", "rate", rate)
                        .add("adversaries", Attack.INVERT.summary() + "; " + Attack.COLLUDE.summary())
                        .addText("changed")
                        .table(),
                List.of(
                        Curves.bySteps("Majority vote", claims.of(Combiner.VOTE))
                                .yMin(0)
                                .yMax(100),
                        Curves.bySteps("Averaging", claims.of(Combiner.MEAN))
                                .yMin(0)
                                .yMax(100)),
                2,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), context.seed()),
                claims.list(),
                notes(all.values()));
    }

    private static List<String> notes(final Collection<Outcome> outcomes) {
        final List<String> notes = new ArrayList<>(Results.edges(outcomes));
        notes.add(PROSE.note("collusion"));
        return notes;
    }

    private static void addContenders(
            final Map<RobustnessLine, Contender> contenders,
            final Combiner combiner,
            final TrialSettings base,
            final List<Float> rates,
            final int most) {
        final Search clean = new Search(base, rates);
        for (int inverting = 0; inverting <= most; inverting++) {
            add(contenders, RobustnessLine.of(combiner, inverting), base, clean);
        }
        final RobustnessLine own = RobustnessLine.of(combiner, most).at(RateChoice.OWN);
        add(contenders, own, base, new Search(attacked(own, base), rates));
    }

    /** The vote under its strongest attack, at fixed shares of the rate found without it. */
    private static Map<RobustnessLine, Contender> lower(final TrialSettings base, final float rate, final int most) {
        final Map<RobustnessLine, Contender> contenders = new LinkedHashMap<>();
        for (final RateChoice lower : RobustnessClaims.LOWER) {
            final RobustnessLine line = RobustnessLine.of(Combiner.VOTE, most).at(lower);
            add(contenders, line, base, new Search(attacked(line, base), List.of(rate / lower.divisor())));
        }
        return contenders;
    }

    private static void add(
            final Map<RobustnessLine, Contender> contenders,
            final RobustnessLine line,
            final TrialSettings base,
            final Search search) {
        contenders.put(line, new Contender(line.label(), attacked(line, base), search));
    }

    private static TrialSettings attacked(final RobustnessLine line, final TrialSettings base) {
        return base.participants(base.participants().with(line.attack(), line.adversaries()));
    }
}
