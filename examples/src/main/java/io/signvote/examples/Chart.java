package io.signvote.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws test accuracy by epoch, by time and by bytes sent, side by side in one picture. */
final class Chart {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 420;
    /** Picture elements per unit of length, so that the text is crisp on dense screens. */
    private static final int SCALE = 2;

    // from Okabe and Ito's palette, told apart also by those who see fewer colours
    private static final Color[] COLORS = {new Color(0xD55E00), new Color(0x0072B2)};
    private static final Marker[] MARKERS = {SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE};

    private Chart() {}

    /**
     * Draws two curves.
     *
     * @param curves one or two.
     * @param target PNG file; its directory must exist.
     * @throws IOException where it cannot be written.
     */
    static void write(final List<Curve> curves, final Path target) throws IOException {
        final XYChart byEpoch = panel("by epoch", "epochs");
        final XYChart byTime = panel("by time", "seconds of training");
        final XYChart bySent = panel("by bytes on the wire", "MB sent per rank, logarithmic");
        bySent.getStyler().setXAxisLogarithmic(true);
        double floor = 1;
        for (int i = 0; i < curves.size(); i++) {
            final Curve curve = curves.get(i);
            final int epochs = curve.accuracies().size() - 1;
            add(byEpoch, i, curve, epoch -> epoch);
            add(byTime, i, curve, epoch -> curve.seconds().get(epoch));
            add(bySent, i, curve, epoch -> curve.meanSentBytes() / 1e6 * epoch / epochs);
            floor = Math.min(floor, curve.accuracies().get(1));
        }
        final List<XYChart> panels = List.of(byEpoch, byTime, bySent);
        for (final XYChart panel : panels) {
            panel.getStyler().setYAxisMin(Math.floor(20 * floor - 0.5) * 5);
        }
        Files.createDirectories(target.toAbsolutePath().getParent());
        if (!ImageIO.write(draw(panels), "png", target.toFile())) {
            throw new IOException("this Java has no writer for PNG");
        }
    }

    private static XYChart panel(final String title, final String xTitle) {
        final XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Test accuracy " + title)
                .xAxisTitle(xTitle)
                .yAxisTitle("% of test images")
                .build();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.InsideSE)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15))
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setLegendBorderColor(Color.LIGHT_GRAY)
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleBoxVisible(false)
                .setPlotBorderVisible(false);
        chart.getStyler()
                .setPlotGridLinesColor(new Color(0xE4E4E4))
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                .setXAxisDecimalPattern("#,##0.##")
                .setYAxisDecimalPattern("0.#");
        return chart;
    }

    /** The point before training, a tenth right by chance, is left out: it would flatten all others. */
    private static void add(final XYChart chart, final int index, final Curve curve, final IntToDoubleFunction x) {
        final int points = curve.accuracies().size();
        final XYSeries series = chart.addSeries(
                curve.name(),
                IntStream.range(1, points).mapToDouble(x).toArray(),
                IntStream.range(1, points)
                        .mapToDouble(epoch -> 100 * curve.accuracies().get(epoch))
                        .toArray());
        series.setMarker(MARKERS[index]).setMarkerColor(COLORS[index]);
        series.setLineColor(COLORS[index]).setLineStyle(new BasicStroke(2.5f));
    }

    private static BufferedImage draw(final List<XYChart> panels) {
        final BufferedImage image =
                new BufferedImage(SCALE * WIDTH * panels.size(), SCALE * HEIGHT, BufferedImage.TYPE_INT_RGB);
        final Graphics2D graphics = image.createGraphics();
        graphics.scale(SCALE, SCALE);
        for (final XYChart panel : panels) {
            panel.paint(graphics, WIDTH, HEIGHT);
            graphics.translate(WIDTH, 0);
        }
        graphics.dispose();
        return image;
    }
}
