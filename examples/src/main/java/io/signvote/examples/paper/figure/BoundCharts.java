package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.paper.figure.BoundCheck.Case;
import io.signvote.examples.paper.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Draws and writes the checks of bounds: panels, tables and CSV. */
final class BoundCharts {
    private BoundCharts() {}

    /** Both sides over K, with a curve for each line of the theorem. Each line has a bound of its own, or all share one. */
    static LinePanel overSteps(final String title, final List<List<BoundCheck>> lines, final boolean isBoundShared) {
        final LinePanel panel = new LinePanel(title, "K, logarithmic", "mean size of the gradient, logarithmic")
                .logX()
                .logY()
                .legendOutside();
        for (final List<BoundCheck> line : lines) {
            final Case first = line.get(0).of();
            final String beyond = Double.isFinite(first.bound()) ? "" : ", not promised";
            panel.add(curve(first.line() + beyond, line, Case::steps, (check, seed) -> check.left()[seed]));
            if (!isBoundShared && Double.isFinite(first.bound())) {
                panel.add(bound("bound, " + first.line(), line, Line.Look.BOUND));
            }
        }
        return isBoundShared ? panel.add(bound("bound", lines.get(0), Line.Look.REFERENCE)) : panel;
    }

    /** The left side as a share of the right one over alpha, a curve for each K. */
    static LinePanel nearness(final String title, final List<BoundCheck> checks) {
        final LinePanel panel = new LinePanel(title, "alpha, share that inverts", "left side / right side, logarithmic")
                .logY()
                .legendOutside();
        final int[] steps =
                checks.stream().mapToInt(check -> check.of().steps()).distinct().toArray();
        for (final int k : steps) {
            panel.add(curve(
                    "K = " + k, BoundCheck.some(checks, each -> each.steps() == k), Case::alpha, BoundCheck::ratio));
        }
        return panel.add(Line.level("bound", 0, 0.5, 1));
    }

    private static Line curve(
            final String name,
            final List<BoundCheck> checks,
            final ToDoubleFunction<Case> x,
            final ToDoubleBiFunction<BoundCheck, Integer> y) {
        final int seeds = checks.get(0).left().length;
        final double[] across = checks.stream()
                .mapToDouble(check -> x.applyAsDouble(check.of()))
                .toArray();
        final double[][] xs = new double[seeds][];
        final double[][] ys = new double[seeds][];
        Arrays.fill(xs, across);
        Arrays.setAll(
                ys,
                seed -> checks.stream()
                        .mapToDouble(check -> y.applyAsDouble(check, seed))
                        .toArray());
        return Line.of(name, xs, ys, Line.Look.MARKED);
    }

    private static Line bound(final String name, final List<BoundCheck> checks, final Line.Look look) {
        return new Line(
                name,
                checks.stream().mapToDouble(check -> check.of().steps()).toArray(),
                checks.stream().mapToDouble(check -> check.of().bound()).toArray(),
                look);
    }

    /** The greatest ratio of the seeds, by line of the theorem and K. */
    static Table table(final List<BoundCheck> checks) {
        final List<String> columns = new ArrayList<>(List.of("line"));
        checks.stream().mapToInt(check -> check.of().steps()).distinct().forEach(steps -> columns.add("K=" + steps));
        final List<List<String>> rows = new ArrayList<>();
        checks.stream().map(check -> check.of().line()).distinct().forEach(line -> {
            final List<String> row = new ArrayList<>(List.of(line));
            BoundCheck.some(checks, each -> each.line().equals(line))
                    .forEach(check -> row.add(Results.number(check.worst())));
            rows.add(row);
        });
        return new Table(
                "theorem " + checks.get(0).of().theorem() + ": left side / right side, the greatest of the seeds",
                columns,
                rows);
    }

    /** The left side of the lines that have no bound, as the mean of the seeds. */
    static Table control(final List<BoundCheck> checks) {
        return new Table(
                "control, outside the promise, which has no bound for it: left side, the mean of the seeds",
                List.of("line", "K", "left side"),
                checks.stream()
                        .map(check -> List.of(
                                check.of().line(), String.valueOf(check.of().steps()), Results.number(check.mean())))
                        .toList());
    }

    static String csv(final List<BoundCheck> checks, final long firstSeed) {
        return checks.stream()
                .map(check -> rows(check, firstSeed))
                .collect(Collectors.joining(
                        "", "theorem,sigma,workers,attack,liars,alpha,K,batch,rate,seed,left,bound\n", ""));
    }

    private static String rows(final BoundCheck check, final long firstSeed) {
        final Case of = check.of();
        final String head = of.theorem() + "," + of.sigma() + ","
                + of.participants().ranks() + ","
                + (of.participants().attack() == null
                        ? "none"
                        : of.participants().attack().name().toLowerCase(Locale.ROOT))
                + ","
                + of.participants().liars() + ","
                + of.alpha() + "," + of.steps() + "," + of.contender().base().batch() + ","
                + of.contender().base().rate() + ",";
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < check.left().length; i++) {
            text.append(head).append(firstSeed + i).append(',');
            text.append(check.left()[i]).append(',').append(of.bound()).append('\n');
        }
        return text.toString();
    }
}
