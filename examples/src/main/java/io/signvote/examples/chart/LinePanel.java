package io.signvote.examples.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over one axis. Used by one thread. */
public final class LinePanel implements Panel {
    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final List<Line> lines = new ArrayList<>();
    private boolean isXLogarithmic;
    private boolean isYLogarithmic;
    private Double yMin;
    private Double yMax;
    private LegendPosition legend = LegendPosition.InsideSE;

    /**
     * A panel without curves.
     *
     * @param title  above.
     * @param xTitle below, with the unit.
     * @param yTitle beside, with the unit.
     */
    public LinePanel(final String title, final String xTitle, final String yTitle) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    /**
     * Adds a curve. The n-th curve of every panel has the same colour.
     *
     * @param line to draw.
     * @return this.
     */
    public LinePanel add(final Line line) {
        lines.add(line);
        return this;
    }

    /** {@return this, with a logarithmic axis below} */
    public LinePanel logX() {
        isXLogarithmic = true;
        return this;
    }

    /** {@return this, with a logarithmic axis beside} */
    public LinePanel logY() {
        isYLogarithmic = true;
        return this;
    }

    /**
     * Fixes the lower end.
     *
     * @param least value shown.
     * @return this.
     */
    public LinePanel yMin(final double least) {
        yMin = least;
        return this;
    }

    /**
     * Fixes the upper end.
     *
     * @param greatest value shown.
     * @return this.
     */
    public LinePanel yMax(final double greatest) {
        yMax = greatest;
        return this;
    }

    /** {@return this, with the legend in the upper right corner} */
    public LinePanel legendAbove() {
        legend = LegendPosition.InsideNE;
        return this;
    }

    /** {@return this, with the legend in the upper left corner} */
    public LinePanel legendLeft() {
        legend = LegendPosition.InsideNW;
        return this;
    }

    /** {@return this, with the legend to the right of the plot: where curves leave no corner free} */
    public LinePanel legendOutside() {
        legend = LegendPosition.OutsideE;
        return this;
    }

    /** {@return this, with the legend in a row below the plot} */
    public LinePanel legendBelow() {
        legend = LegendPosition.OutsideS;
        return this;
    }

    @Override
    public boolean hasBand() {
        return lines.stream().anyMatch(line -> line.low() != null);
    }

    @Override
    public void paint(final Graphics2D graphics, final int width, final int height) {
        final XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        ChartStyle.style(chart.getStyler());
        ChartStyle.legend(chart.getStyler(), legend);
        chart.getStyler().setXAxisLogarithmic(isXLogarithmic).setYAxisLogarithmic(isYLogarithmic);
        chart.getStyler().setYAxisMin(yMin).setYAxisMax(yMax);
        addAnchor(chart);
        // bands first, so that no curve lies under one
        for (int i = 0; i < lines.size(); i++) {
            addBand(chart, i, lines.get(i).finite(isXLogarithmic, isYLogarithmic));
        }
        for (int i = 0; i < lines.size(); i++) {
            addCurve(chart, i, lines.get(i).finite(isXLogarithmic, isYLogarithmic));
        }
        chart.paint(graphics, width, height);
    }

    /**
     * Where the x or the y of all curves together are equally spaced, XChart 4.0 puts its ticks on them, at 72, 144 and so on; else at round
     * numbers. Points that are not drawn, out of order, keep them from being so.
     */
    private void addAnchor(final XYChart chart) {
        final List<Line> drawn = lines.stream()
                .map(line -> line.finite(isXLogarithmic, isYLogarithmic))
                .filter(line -> line.x().length > 0)
                .toList();
        if (isXLogarithmic || drawn.isEmpty()) {
            return;
        }
        final XYSeries series = chart.addSeries(
                "anchor",
                disordered(drawn.stream().flatMapToDouble(line -> Arrays.stream(line.x()))),
                disordered(drawn.stream()
                        .flatMapToDouble(line -> Arrays.stream(line.y()))
                        .map(this::clipped)));
        series.setMarker(SeriesMarkers.NONE).setLineStyle(SeriesLines.NONE);
        series.setShowInLegend(false);
    }

    private static double[] disordered(final DoubleStream values) {
        final DoubleSummaryStatistics all = values.summaryStatistics();
        return new double[] {all.getMax(), (all.getMin() + all.getMax()) / 2, all.getMin()};
    }

    private void addBand(final XYChart chart, final int index, final Line line) {
        final int points = line.x().length;
        if (line.low() == null || points < 2) {
            return;
        }
        final double[] x = new double[2 * points];
        final double[] y = new double[2 * points];
        IntStream.range(0, points).forEach(i -> {
            x[i] = line.x()[i];
            y[i] = clipped(line.high()[i]);
            x[2 * points - 1 - i] = line.x()[i];
            y[2 * points - 1 - i] = clipped(line.low()[i]);
        });
        final XYSeries series = chart.addSeries("band " + line.name(), x, y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        series.setMarker(SeriesMarkers.NONE)
                .setLineColor(ChartStyle.band(index))
                .setFillColor(ChartStyle.band(index));
        series.setShowInLegend(false);
    }

    private void addCurve(final XYChart chart, final int index, final Line line) {
        if (line.x().length == 0) {
            return;
        }
        final double[] y = IntStream.range(0, line.y().length)
                .mapToDouble(i -> clipped(line.y()[i]))
                .toArray();
        final XYSeries series = chart.addSeries(line.name(), line.x(), y);
        switch (line.look()) {
            case MARKED -> {
                series.setMarker(ChartStyle.marker(index)).setMarkerColor(ChartStyle.color(index));
                series.setLineColor(ChartStyle.color(index)).setLineStyle(ChartStyle.thick());
            }
            case PLAIN ->
                series.setMarker(SeriesMarkers.NONE)
                        .setLineColor(ChartStyle.color(index))
                        .setLineStyle(ChartStyle.thick());
            case REFERENCE ->
                series.setMarker(SeriesMarkers.NONE).setLineColor(Color.BLACK).setLineStyle(ChartStyle.dashed());
            case BOUND ->
                series.setMarker(SeriesMarkers.NONE)
                        .setLineColor(ChartStyle.color(Math.max(0, index - 1)))
                        .setLineStyle(ChartStyle.dashed());
        }
    }

    /** A value beyond the axis would be drawn over the axis. */
    private double clipped(final double value) {
        final double above = yMin == null ? value : Math.max(yMin, value);
        return yMax == null ? above : Math.min(yMax, above);
    }
}
