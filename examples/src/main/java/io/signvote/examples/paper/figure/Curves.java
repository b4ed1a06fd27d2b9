package io.signvote.examples.paper.figure;

import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Draws outcomes: the measure over steps, epochs or bytes. */
final class Curves {
    private Curves() {}

    /** Accuracies or losses by step; the start is left out, since it would flatten all else. */
    static LinePanel bySteps(final String title, final Collection<Outcome> outcomes) {
        return panel(title, "steps", outcomes, ScoredPoint::step);
    }

    static LinePanel byEpochs(final String title, final Collection<Outcome> outcomes) {
        return panel(title, "passes over the training data", outcomes, ScoredPoint::epoch);
    }

    static LinePanel byBytes(final String title, final Collection<Outcome> outcomes) {
        return panel(title, "MB sent per rank, logarithmic", outcomes, point -> point.bytes() / 1e6)
                .logX();
    }

    private static LinePanel panel(
            final String title,
            final String xTitle,
            final Collection<Outcome> outcomes,
            final ToDoubleFunction<ScoredPoint> x) {
        final LinePanel panel = new LinePanel(
                title, xTitle, outcomes.iterator().next().measure().title());
        final int shared = shared(
                outcomes.stream().map(outcome -> outcome.contender().label()).toList());
        for (final Outcome outcome : outcomes) {
            final String name = outcome.contender().label().substring(shared);
            panel.add(Line.of(name, outcome.table(x), outcome.curves(), Line.Look.MARKED)
                    .skip(1));
        }
        return panel;
    }

    /** How much of their labels all have in common, up to a comma: the title of the panel says it. */
    private static int shared(final List<String> labels) {
        final String first = labels.get(0);
        int shared = 0;
        for (int i = first.indexOf(", "); i >= 0; i = first.indexOf(", ", i + 1)) {
            final String start = first.substring(0, i + 2);
            shared = labels.stream().allMatch(label -> label.startsWith(start)) ? start.length() : shared;
        }
        return shared;
    }
}
