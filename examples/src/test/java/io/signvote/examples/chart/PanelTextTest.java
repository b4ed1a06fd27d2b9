package io.signvote.examples.chart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is written about panels: found by what a name changes in the picture. */
class PanelTextTest {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 420;

    @BeforeAll
    static void needNoScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    @Test
    void shouldWriteTheNameOfEveryBar() {
        final String[] names = {"CNN mean", "CNN vote", "MLP mean", "MLP vote", "QRNN mean", "QRNN vote"};
        final int[] all = pixels(bars(names));
        for (int i = 0; i < names.length; i++) {
            final String[] others = names.clone();
            // as many letters, so that the plot stays where it is
            others[i] = names[i].replace('e', 'c');

            assertFalse(Arrays.equals(all, pixels(bars(others))), names[i]);
        }
    }

    @Test
    void shouldWriteTheSameTicksWhereverThePointsAre() {
        final int[] even = pixels(line(0, 125, 250, 375, 500, 625, 750, 875, 1000));
        final int[] odd = pixels(line(0, 72, 144, 300, 1000));

        assertArrayEquals(below(even), below(odd));
    }

    @Test
    void shouldLeaveOutAndCountWhatIsBeyondAHistogram() {
        final double[] values = {-9, 0.5, 0.5, 1.5, 2};

        assertEquals(0.2, Histogram.beyond(values, 0, 2), 1e-12);
        assertArrayEquals(
                new double[] {0.4, 0.4, 0.4, 0.4},
                Histogram.of("a", values, 0, 2, 2).y(),
                1e-12);
    }

    @Test
    void shouldTellBands() {
        final double[][] two = {{1, 2}, {1, 2}};

        assertFalse(line(0, 1).hasBand());
        assertFalse(bars("a").hasBand());
        assertTrue(new LinePanel("t", "x", "y")
                .add(Line.of("l", two, two, Line.Look.PLAIN))
                .hasBand());
    }

    private static BarPanel bars(final String... names) {
        final BarPanel panel = new BarPanel("t", "ms", List.of("part", "other"));
        for (final String name : names) {
            panel.add(name, List.of(1.0, 2.0));
        }
        return panel;
    }

    /** On one straight line, so that only ticks can differ. */
    private static LinePanel line(final double... x) {
        return new LinePanel("t", "x", "y")
                .add(new Line("l", x, new double[x.length], Line.Look.PLAIN))
                .yMin(-1)
                .yMax(1);
    }

    /** Ticks and their numbers. A curve is smoothed at its points, which are not the same. */
    private static int[] below(final int[] pixels) {
        return Arrays.copyOfRange(pixels, WIDTH * (HEIGHT - 80), pixels.length);
    }

    private static int[] pixels(final Panel panel) {
        final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        final Graphics2D graphics = image.createGraphics();
        panel.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        return image.getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH);
    }
}
