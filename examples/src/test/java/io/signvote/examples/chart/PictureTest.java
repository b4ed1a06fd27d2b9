package io.signvote.examples.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
    private static final int WIDTH = 1040;
    private static final int HEIGHT = 840;
    private static final int FIRST = 0xD55E00;
    private static final int SECOND = 0x0072B2;
    private static final int WHITE = 0xFFFFFF;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needNoScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    @Test
    void shouldFillRowsAndLeaveTheRestWhite() throws IOException {
        final BufferedImage image = draw(2, panel(), panel(), panel());

        assertEquals(2 * WIDTH, image.getWidth());
        assertEquals(2 * HEIGHT, image.getHeight());
        for (int i = 0; i < 3; i++) {
            final int x = i % 2 * WIDTH;
            final int y = i / 2 * HEIGHT;
            assertTrue(count(image, x, y, FIRST) > 500, "first curve of panel " + i);
            assertTrue(count(image, x, y, SECOND) > 500, "second curve of panel " + i);
        }
        assertEquals(WIDTH * HEIGHT, count(image, WIDTH, HEIGHT, WHITE));
    }

    @Test
    void shouldNameCurvesInALegendBesideThePlot() throws IOException {
        final BufferedImage inside = draw(1, panel());
        final BufferedImage outside = draw(1, panel().legendOutside());

        // the curves end at the right edge of the plot, and the samples of the legend lie beyond
        final int end = lastColumn(inside, SECOND);
        final int[] columns = columns(outside, SECOND);
        final int gap = IntStream.range(1, columns.length)
                .map(i -> columns[i] - columns[i - 1])
                .max()
                .orElseThrow();
        assertTrue(end > 0.9 * WIDTH, "curve to " + end);
        assertTrue(gap > 10, "widest gap " + gap);
        assertTrue(columns[columns.length - 1] < WIDTH, "legend cut off");
    }

    @Test
    void shouldHaveNoCurveWithoutLines() throws IOException {
        final BufferedImage image = draw(1, panel(Line.Look.PLAIN, new double[0], new double[0]));

        assertEquals(0, count(image, 0, 0, FIRST));
    }

    @Test
    void shouldDrawPowersAsAStraightLineOnLogarithmicAxes() throws IOException {
        final double[] x = {1, 10, 100};
        final double[] y = {2, 20, 200};

        assertEquals(0.5, middle(panel(Line.Look.PLAIN, x, y).logX().logY()), 0.05);
        // halfway from 1 to 100 is 0.45 of the way from 10 to 100, and the curve is straight from point to point
        assertEquals(0.5 + 0.45 / 2, middle(panel(Line.Look.PLAIN, x, y).logY()), 0.05);
        // (20 - 2) / (200 - 2)
        assertEquals(0.09, middle(panel(Line.Look.PLAIN, x, y).logX()), 0.05);
    }

    @Test
    void shouldLeaveOutWhatALogarithmCannotShow() throws IOException {
        final double[] x = {0, 1, 10, 100};
        final double[] y = {7, 2, Double.NaN, 200};
        final BufferedImage image = draw(1, panel(Line.Look.PLAIN, x, y).logX().logY());

        assertTrue(count(image, 0, 0, FIRST) > 500);
    }

    @Test
    void shouldDrawABoundInTheColourOfItsCurve() throws IOException {
        final double[] x = {1, 2};
        final LinePanel alone = panel(Line.Look.PLAIN, x, new double[] {1, 2});
        final LinePanel bounded = panel(Line.Look.PLAIN, x, new double[] {1, 2})
                .add(new Line("bound", x, new double[] {3, 4}, Line.Look.BOUND));

        assertTrue(count(draw(1, bounded), 0, 0, FIRST) > 200 + count(draw(1, alone), 0, 0, FIRST));
        assertEquals(0, count(draw(1, bounded), 0, 0, SECOND));
    }

    /** How high the curve is over the middle of its width, as a share of its height: from 0 to 1. */
    private double middle(final LinePanel panel) throws IOException {
        // the sample in the legend is not part of the curve
        final BufferedImage image = draw(1, panel.legendOutside());
        final int[] columns = columns(image, FIRST);
        int end = 1;
        while (columns[end] - columns[end - 1] < 10) {
            end++;
        }
        final int left = columns[0];
        final int right = columns[end - 1];
        final double lowest = row(image, left);
        final double highest = row(image, right);
        return (row(image, (left + right) / 2) - lowest) / (highest - lowest);
    }

    private static double row(final BufferedImage image, final int column) {
        return IntStream.range(0, image.getHeight())
                .filter(y -> color(image, column, y) == FIRST)
                .average()
                .orElseThrow();
    }

    private static LinePanel panel() {
        final double[] x = {0, 1, 2, 3};
        return panel(Line.Look.MARKED, x, new double[] {4, 3, 2, 1})
                .add(Line.of(
                        "second", new double[][] {x, x}, new double[][] {{1, 2, 3, 4}, {1, 3, 4, 6}}, Line.Look.PLAIN));
    }

    private static LinePanel panel(final Line.Look look, final double[] x, final double[] y) {
        return new LinePanel("a panel", "x", "y").add(new Line("first", x, y, look));
    }

    private BufferedImage draw(final int perRow, final Panel... panels) throws IOException {
        final Path target = directory.resolve("picture.png");
        Picture.write(List.of(panels), perRow, target);
        return ImageIO.read(target.toFile());
    }

    private static int count(final BufferedImage image, final int left, final int top, final int color) {
        int found = 0;
        for (int y = top; y < top + HEIGHT; y++) {
            for (int x = left; x < left + WIDTH; x++) {
                found += color(image, x, y) == color ? 1 : 0;
            }
        }
        return found;
    }

    private static int lastColumn(final BufferedImage image, final int color) {
        final int[] columns = columns(image, color);
        return columns[columns.length - 1];
    }

    private static int[] columns(final BufferedImage image, final int color) {
        return IntStream.range(0, image.getWidth())
                .filter(x -> IntStream.range(0, image.getHeight()).anyMatch(y -> color(image, x, y) == color))
                .toArray();
    }

    private static int color(final BufferedImage image, final int x, final int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }
}
