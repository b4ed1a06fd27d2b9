package io.signvote.examples.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The palette as people with each kind of colour blindness see it, in distances of CIELAB. */
class ChartStyleTest {
    /** Okabe and Ito's own colours are 16.1 apart at their nearest, green and sky blue without blue cones. */
    private static final double APART = 16;

    /**
     * Linear RGB as it is seen where one kind of cones is missing.
     *
     * @see <a href="https://doi.org/10.1109/TVCG.2009.113">Machado, Oliveira and Fernandes 2009, severity 1</a>
     */
    private enum Sight {
        COMMON(1, 0, 0, 0, 1, 0, 0, 0, 1),
        PROTANOPE(0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
        DEUTERANOPE(0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
        TRITANOPE(1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900);

        private final double[] matrix;

        Sight(final double... matrix) {
            this.matrix = matrix;
        }

        double distance(final Color a, final Color b) {
            final double[] one = lab(a);
            final double[] other = lab(b);
            return Math.hypot(Math.hypot(one[0] - other[0], one[1] - other[1]), one[2] - other[2]);
        }

        private double[] lab(final Color color) {
            final double[] linear = {linear(color.getRed()), linear(color.getGreen()), linear(color.getBlue())};
            final double[] seen = new double[3];
            for (int i = 0; i < matrix.length; i++) {
                seen[i / 3] += matrix[i] * linear[i % 3];
            }
            final double red = inRange(seen[0]);
            final double green = inRange(seen[1]);
            final double blue = inRange(seen[2]);
            // sRGB to XYZ, over the white of D65
            final double x = root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
            final double y = root(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue);
            final double z = root((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883);
            return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
        }

        private static double linear(final int channel) {
            final double share = channel / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
        }

        private static double inRange(final double share) {
            return Math.max(0, Math.min(1, share));
        }

        private static double root(final double share) {
            return share > 216.0 / 24389 ? Math.cbrt(share) : (24389.0 / 27 * share + 16) / 116;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepAllColorsApart(final Sight sight) {
        final List<Color> colors = ChartStyle.palette();
        final List<String> near = new ArrayList<>();
        for (int i = 0; i < colors.size(); i++) {
            for (int j = 0; j < i; j++) {
                final double distance = sight.distance(colors.get(i), colors.get(j));
                if (distance < APART) {
                    near.add(String.format("colours %d and %d are %.1f apart", j + 1, i + 1, distance));
                }
            }
        }

        assertEquals(List.of(), near);
    }

    @Test
    void shouldMeasureKnownDistances() {
        assertEquals(100, Sight.COMMON.distance(Color.BLACK, Color.WHITE), 0.01);
        // sRGB red in CIELAB: 53.24, 80.09, 67.20
        assertEquals(Math.hypot(Math.hypot(53.24, 80.09), 67.20), Sight.COMMON.distance(Color.BLACK, Color.RED), 0.05);
        for (final Sight sight : Sight.values()) {
            assertEquals(100, sight.distance(Color.BLACK, Color.WHITE), 0.01, "greys stay grey: " + sight);
        }
        // the pair for which this test was written: orange and olive
        final Color orange = new Color(0xE69F00);
        final Color olive = new Color(0xB3A600);
        assertTrue(Sight.COMMON.distance(orange, olive) > APART);
        assertTrue(Sight.PROTANOPE.distance(orange, olive) < 2);
    }
}
