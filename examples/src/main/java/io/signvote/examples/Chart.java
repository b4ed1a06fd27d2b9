package io.signvote.examples;

import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.chart.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Draws test accuracy by epoch, by time and by bytes sent, side by side in one picture. */
final class Chart {
    private Chart() {}

    /**
     * Draws two curves.
     *
     * @param curves one or two.
     * @param target PNG file; its directory is made.
     * @throws IOException where it cannot be written, and where this Java cannot draw.
     */
    static void write(final List<Curve> curves, final Path target) throws IOException {
        final LinePanel byEpoch = panel("by epoch", "epochs");
        final LinePanel byTime = panel("by time", "seconds of training");
        final LinePanel bySent =
                panel("by bytes on the wire", "MB sent per rank, logarithmic").logX();
        double floor = 1;
        for (final Curve curve : curves) {
            final int epochs = curve.accuracies().size() - 1;
            byEpoch.add(line(curve, epoch -> epoch));
            byTime.add(line(curve, epoch -> curve.seconds().get(epoch)));
            bySent.add(line(curve, epoch -> curve.meanSentBytes() / 1e6 * epoch / epochs));
            floor = Math.min(floor, curve.accuracies().get(1));
        }
        final List<LinePanel> panels = List.of(byEpoch, byTime, bySent);
        for (final LinePanel panel : panels) {
            panel.yMin(Math.floor(20 * floor - 0.5) * 5);
        }
        Picture.write(panels, panels.size(), target);
    }

    private static LinePanel panel(final String title, final String xTitle) {
        return new LinePanel("Test accuracy " + title, xTitle, "% of test images");
    }

    /** The point before training, a tenth right by chance, is left out: it would flatten all others. */
    private static Line line(final Curve curve, final IntToDoubleFunction x) {
        final int points = curve.accuracies().size();
        return new Line(
                curve.name(),
                IntStream.range(1, points).mapToDouble(x).toArray(),
                IntStream.range(1, points)
                        .mapToDouble(epoch -> 100 * curve.accuracies().get(epoch))
                        .toArray(),
                Line.Look.MARKED);
    }
}
