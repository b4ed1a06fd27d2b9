package io.signvote.examples.chart;

import java.util.Arrays;

/** Values counted into bins of one width, as the outline of bars. */
public final class Histogram {
    private Histogram() {}

    /**
     * The outline of a sample's histogram, as a share of the sample in each bin.
     *
     * @param name   for the legend.
     * @param values to count; those beyond the bins are in none.
     * @param from   left edge of the first bin.
     * @param to     right edge of the last.
     * @param bins   of them.
     * @return a curve.
     */
    public static Line of(
            final String name, final double[] values, final double from, final double to, final int bins) {
        final double width = (to - from) / bins;
        final double[] shares = new double[bins];
        for (final double value : values) {
            final int bin = value == to ? bins - 1 : (int) Math.floor((value - from) / width);
            if (bin >= 0 && bin < bins) {
                shares[bin] += 1.0 / values.length;
            }
        }
        final double[] x = new double[2 * bins];
        final double[] y = new double[2 * bins];
        Arrays.setAll(x, i -> from + (i + 1) / 2 * width);
        Arrays.setAll(y, i -> shares[i / 2]);
        return new Line(name, x, y, Line.Look.PLAIN);
    }

    /**
     * How much of a sample a histogram does not show.
     *
     * @param values of the sample.
     * @param from   left edge of the first bin.
     * @param to     right edge of the last.
     * @return share of the values.
     */
    public static double beyond(final double[] values, final double from, final double to) {
        return Arrays.stream(values)
                        .filter(value -> value < from || value > to)
                        .summaryStatistics()
                        .getCount()
                / (double) values.length;
    }
}
