package io.signvote.examples.chart;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A curve, with a band about it where it stands for several runs.
 *
 * @param name for the legend.
 * @param x    ascending.
 * @param y    at each x; what is not finite is left out.
 * @param low  lower edge of the band, or null.
 * @param high upper edge of the band, or null.
 * @param look how it is drawn.
 */
public record Line(String name, double[] x, double[] y, double[] low, double[] high, Look look) {
    /** Kinds of lines. */
    public enum Look {
        /** A thick line with markers. */
        MARKED,
        /** A thick line. */
        PLAIN,
        /** A thin black dashed line, for limits and references. */
        REFERENCE,
        /** A thin dashed line in the colour of the curve added before: what bounds it. */
        BOUND
    }

    /**
     * A curve of one run.
     *
     * @param name for the legend.
     * @param x    ascending.
     * @param y    at each x.
     * @param look how it is drawn.
     */
    public Line(final String name, final double[] x, final double[] y, final Look look) {
        this(name, x, y, null, null, look);
    }

    /**
     * The mean of several runs, in a band from the least to the greatest.
     *
     * @param name for the legend.
     * @param x    of each run, at each point; their mean is taken.
     * @param y    of each run, at each point.
     * @param look how it is drawn.
     * @return a curve with a band.
     */
    public static Line of(final String name, final double[][] x, final double[][] y, final Look look) {
        final int points = x[0].length;
        return new Line(
                name,
                atEach(
                        points,
                        i -> Arrays.stream(x)
                                .mapToDouble(run -> run[i])
                                .average()
                                .orElseThrow()),
                atEach(
                        points,
                        i -> Arrays.stream(y)
                                .mapToDouble(run -> run[i])
                                .average()
                                .orElseThrow()),
                atEach(
                        points,
                        i -> Arrays.stream(y).mapToDouble(run -> run[i]).min().orElseThrow()),
                atEach(
                        points,
                        i -> Arrays.stream(y).mapToDouble(run -> run[i]).max().orElseThrow()),
                look);
    }

    /**
     * A level line.
     *
     * @param name for the legend.
     * @param from left end.
     * @param to   right end.
     * @param y    height.
     * @return a reference.
     */
    public static Line level(final String name, final double from, final double to, final double y) {
        return new Line(name, new double[] {from, to}, new double[] {y, y}, Look.REFERENCE);
    }

    /**
     * Without the points at the beginning.
     *
     * @param points how many to leave out.
     * @return the rest.
     */
    public Line skip(final int points) {
        return new Line(name, cut(x, points), cut(y, points), cut(low, points), cut(high, points), look);
    }

    /** Without points that cannot be drawn. */
    Line finite(final boolean isXLogarithmic, final boolean isYLogarithmic) {
        final int[] kept = IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
                .filter(i ->
                        (!isXLogarithmic || x[i] > 0) && (!isYLogarithmic || y[i] > 0 && (low == null || low[i] > 0)))
                .toArray();
        return new Line(name, pick(x, kept), pick(y, kept), pick(low, kept), pick(high, kept), look);
    }

    private static double[] atEach(final int points, final IntToDoubleFunction value) {
        return IntStream.range(0, points).mapToDouble(value).toArray();
    }

    private static double[] cut(final double[] values, final int points) {
        return values == null ? null : Arrays.copyOfRange(values, points, values.length);
    }

    private static double[] pick(final double[] values, final int[] kept) {
        return values == null
                ? null
                : Arrays.stream(kept).mapToDouble(i -> values[i]).toArray();
    }
}
