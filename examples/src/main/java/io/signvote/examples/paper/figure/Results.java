package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Recording;
import io.signvote.examples.paper.run.ScoredPoint;
import io.signvote.examples.paper.run.TrialSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes outcomes as tables, text and CSV. */
final class Results {
    private static final String DIVERGED =
            "diverged: the loss at the end is above that at the start, or no longer finite; a run ends once its loss is not finite,"
                    + " and sends no more";

    private Results() {}

    /** The rate and the value of every contender. */
    static Table table(final Collection<Outcome> outcomes) {
        final List<List<String>> rows = new ArrayList<>();
        boolean hasDiverged = false;
        for (final Outcome outcome : outcomes) {
            final long diverged = diverged(outcome);
            hasDiverged |= diverged > 0;
            rows.add(List.of(
                    outcome.contender().label(),
                    outcome.found().rate() + (outcome.found().isAtEdge() ? " (edge of the grid)" : ""),
                    number(outcome.mean()) + (diverged > 0 && Double.isFinite(outcome.mean()) ? " (diverged)" : ""),
                    seeds(outcome)
                            .mapToObj(seed -> number(outcome.value(seed)) + (outcome.isDiverged(seed) ? "*" : ""))
                            .collect(Collectors.joining(" ")),
                    String.format(Locale.ROOT, "%.3f MB", outcome.bytes() / 1e6)));
        }
        return new Table(
                "at the end: " + outcomes.iterator().next().measure().title() + (hasDiverged ? "; * " + DIVERGED : ""),
                List.of("line", "rate", "mean", "by seed", "sent per rank, mean of the seeds"),
                rows);
    }

    /** The mean of each outcome over the seeds, as text. */
    static String means(final Collection<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> number(outcome.mean()) + " % with "
                        + outcome.contender().label()
                        + (diverged(outcome) > 0
                                ? " (" + diverged(outcome) + " of "
                                        + outcome.recordings().size() + " seeds diverged)"
                                : ""))
                .collect(Collectors.joining("; "));
    }

    private static long diverged(final Outcome outcome) {
        return seeds(outcome).filter(outcome::isDiverged).count();
    }

    private static IntStream seeds(final Outcome outcome) {
        return IntStream.range(0, outcome.recordings().size());
    }

    /** The value of each rate of every search, on the validation split. */
    static Table searches(final Collection<Outcome> outcomes) {
        final List<List<String>> rows = outcomes.stream()
                .filter(outcome -> outcome.contender().search().rates().size() > 1)
                .map(outcome -> List.of(
                        name(outcome),
                        IntStream.range(0, outcome.found().values().size())
                                .mapToObj(i ->
                                        outcome.contender().search().rates().get(i) + ": "
                                                + number(
                                                        outcome.found().values().get(i))
                                                + (i == outcome.found().index() ? " *" : ""))
                                .collect(Collectors.joining("   "))))
                .distinct()
                .toList();
        return new Table("search for rates, on the validation split (* taken)", List.of("search", "rates"), rows);
    }

    /** Names the searches that took the first or the last rate of their grid: a rate beyond may be better. */
    static List<String> edges(final Collection<Outcome> outcomes) {
        final String named = outcomes.stream()
                .filter(outcome -> outcome.found().isAtEdge())
                .map(outcome -> name(outcome) + " (" + outcome.found().rate() + ", the "
                        + (outcome.found().index() == 0 ? "least" : "greatest") + ")")
                .distinct()
                .collect(Collectors.joining("; "));
        return named.isEmpty()
                ? List.of()
                : List.of(
                        "these searches took the first or the last rate of their grid, so a rate beyond may be better: "
                                + named);
    }

    private static String name(final Outcome outcome) {
        final TrialSettings base = outcome.contender().search().base();
        return base.method().name() + ", " + base.participants() + " batch=" + base.batch();
    }

    /** A column of the CSV that only one figure has. */
    record Column(String name, ToDoubleBiFunction<Outcome, ScoredPoint> number) {}

    /** All points of all runs, as CSV. */
    static String csv(final Collection<Outcome> outcomes, final long firstSeed, final Column... columns) {
        final StringBuilder text = new StringBuilder("line,rate,seed,step,epoch,bytes_per_rank,value,loss");
        for (final Column column : columns) {
            text.append(',').append(column.name());
        }
        text.append('\n');
        for (final Outcome outcome : outcomes) {
            for (int i = 0; i < outcome.recordings().size(); i++) {
                final Recording recording = outcome.recordings().get(i);
                for (final ScoredPoint point : recording.points()) {
                    text.append('"').append(outcome.contender().label()).append("\",");
                    text.append(outcome.found().rate()).append(',').append(firstSeed + i);
                    text.append(',').append(point.step()).append(',').append(point.epoch());
                    text.append(',').append(point.bytes());
                    text.append(',').append(outcome.measure().of(point.score()));
                    text.append(',').append(point.score().loss() / point.score().count());
                    for (final Column column : columns) {
                        text.append(',').append(column.number().applyAsDouble(outcome, point));
                    }
                    text.append('\n');
                }
            }
        }
        return text.toString();
    }

    /** A number of three or more digits, as text. */
    static String number(final double value) {
        if (!Double.isFinite(value)) {
            return "diverged";
        }
        final double size = Math.abs(value);
        return String.format(
                Locale.ROOT,
                size >= 1e6 ? "%.2e" : size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.01 ? "%.3f" : "%.2e",
                value);
    }
}
