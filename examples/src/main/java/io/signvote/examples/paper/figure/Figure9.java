package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.chart.Panel;
import io.signvote.examples.method.Method;
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
import java.util.TreeSet;

/** The vote against Multi-Krum, with adversaries that send large gradients. */
final class Figure9 implements Figure {
    static final Prose PROSE = Prose.of("figure-9");
    private static final int RANKS = 7;
    private static final int BATCH = 32;
    private static final int ADVERSARIES_MAX = 3;
    private static final int KRUM_ADVERSARIES = 2;
    private static final List<Float> VOTE_RATES = List.of(1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f);
    private static final List<Float> MEAN_RATES = List.of(1e-2f, 3e-2f, 1e-1f, 3e-1f, 1f);

    @Override
    public List<String> names() {
        return List.of("9");
    }

    @Override
    public String title() {
        return PROSE.title();
    }

    @Override
    public int leastRanks() {
        return 2 * KRUM_ADVERSARIES + 3;
    }

    @Override
    public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
        final int ranks = context.ranks(RANKS);
        final TrialSettings base = new TrialSettings(
                context.imageProblem(),
                Method.vote(0),
                Participants.honest(ranks),
                BATCH,
                context.scale().of(40, 120, 3000),
                context.scale().of(4, 6, 20),
                RateSchedule.STEP,
                1,
                0,
                Split.TEST);
        final Method vote = Method.vote(0);
        final List<Method> krums = new ArrayList<>();
        for (final int chosen : new TreeSet<>(List.of(1, ranks - KRUM_ADVERSARIES - 2, ranks - KRUM_ADVERSARIES))) {
            krums.add(Method.krum(KRUM_ADVERSARIES, chosen, 0));
        }
        final List<Method> methods = new ArrayList<>(List.of(vote));
        methods.addAll(krums);
        final Method mean = Method.sgd(0);
        methods.add(mean);
        final Map<KrumLine, Contender> contenders = new LinkedHashMap<>();
        for (final Method method : methods) {
            addContenders(contenders, base.method(method), method == vote ? VOTE_RATES : MEAN_RATES);
        }
        final Map<KrumLine, Outcome> all = context.study(title(), contenders);
        final List<Panel> panels = new ArrayList<>();
        for (final Method method : methods) {
            panels.add(Curves.bySteps(method.name(), KrumLine.of(all, method))
                    .yMin(0)
                    .yMax(100)
                    .legendOutside());
        }
        return new FigureReport(
                id(),
                title(),
                PROSE.caption("ranks", ranks, "f", KRUM_ADVERSARIES),
                new Settings(context, PROSE)
                        .addPaper()
                        .addShared(base)
                        .addMethods(contenders.values())
                        .add("negative", Attack.NEGATIVE.summary())
                        .add("random", Attack.RANDOM.summary())
                        .addText("departs from the source")
                        .addText("changed")
                        .table(),
                panels,
                3,
                List.of(Results.table(all.values()), Results.searches(all.values())),
                Results.csv(all.values(), context.seed()),
                new KrumClaims(context, all, vote, krums, mean, KRUM_ADVERSARIES).list(),
                notes(all.values()));
    }

    private static List<String> notes(final Collection<Outcome> outcomes) {
        final List<String> notes = new ArrayList<>(Results.edges(outcomes));
        notes.add(PROSE.note("choice of m"));
        notes.add(PROSE.note("blind adversaries"));
        return notes;
    }

    private static void addContenders(
            final Map<KrumLine, Contender> contenders, final TrialSettings base, final List<Float> rates) {
        final Search clean = new Search(base, rates);
        add(contenders, KrumLine.clean(base.method()), base, clean);
        for (final Attack attack : List.of(Attack.NEGATIVE, Attack.RANDOM)) {
            for (int adversaries = 1; adversaries <= ADVERSARIES_MAX; adversaries++) {
                final TrialSettings attacked =
                        base.participants(base.participants().with(attack, adversaries));
                add(contenders, new KrumLine(base.method(), attack, adversaries), attacked, clean);
            }
        }
    }

    private static void add(
            final Map<KrumLine, Contender> contenders,
            final KrumLine line,
            final TrialSettings settings,
            final Search search) {
        contenders.put(line, new Contender(line.label(), settings, search));
    }
}
