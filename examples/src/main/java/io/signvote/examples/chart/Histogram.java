package io.signvote.examples.chart;

import java.util.Arrays;
import java.util.Locale;

/** Values counted into bins of one width, as the outline of bars. */
public final class Histogram {
    private Histogram() {}

    /**
     * The outline of a sample's histogram, as a share of the sample in each bin.
     *
     * @param name   for the legend, where the share of values beyond the bins is added.
     * @param values to count.
     * @param from   left edge of the first bin.
     * @param to     right edge of the last.
     * @param bins   of them.
     * @return a curve.
     */
    public static Line of(
            final String name, final double[] values, final double from, final double to, final int bins) {
        final double width = (to - from) / bins;
        final double[] shares = new double[bins];
        int beyond = 0;
        for (final double value : values) {
            final int bin = value == to ? bins - 1 : (int) Math.floor((value - from) / width);
            if (bin < 0 || bin >= bins) {
                beyond++;
            } else {
                shares[bin] += 1.0 / values.length;
            }
        }
        final double[] x = new double[2 * bins];
        final double[] y = new double[2 * bins];
        Arrays.setAll(x, i -> from + (i + 1) / 2 * width);
        Arrays.setAll(y, i -> shares[i / 2]);
        final String told =
                beyond == 0 ? name : String.format(Locale.ROOT, "%s, %.1f %% beyond", name, 100.0 * beyond / values.length);
        return new Line(told, x, y, Line.Look.PLAIN);
    }
}
