package io.signvote.examples.chart;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars made of parts that stand on each other. Used by one thread. */
public final class BarPanel implements Panel {
    /** As many names are read side by side; more are turned. */
    private static final int LEVEL_BARS = 4;

    private static final int SLOPE = 45;

    private final String title;
    private final String yTitle;
    private final List<String> bars = new ArrayList<>();
    private final Map<String, List<Double>> parts = new LinkedHashMap<>();

    /**
     * A panel without bars.
     *
     * @param title  above.
     * @param yTitle beside, with the unit.
     * @param parts  that every bar is made of, the lowest first.
     */
    public BarPanel(final String title, final String yTitle, final List<String> parts) {
        this.title = title;
        this.yTitle = yTitle;
        parts.forEach(part -> this.parts.put(part, new ArrayList<>()));
    }

    /**
     * Adds a bar.
     *
     * @param name   below it.
     * @param values one per part.
     * @return this.
     */
    public BarPanel add(final String name, final List<Double> values) {
        if (values.size() != parts.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + parts.size() + " parts");
        }
        bars.add(name);
        int next = 0;
        for (final List<Double> part : parts.values()) {
            part.add(values.get(next++));
        }
        return this;
    }

    @Override
    public void paint(final Graphics2D graphics, final int width, final int height) {
        final CategoryChart chart = new CategoryChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .yAxisTitle(yTitle)
                .build();
        ChartStyle.style(chart.getStyler());
        ChartStyle.legend(chart.getStyler(), LegendPosition.OutsideS);
        // XChart leaves out labels that are closer than this
        chart.getStyler().setXAxisTickMarkSpacingHint(1);
        chart.getStyler().setXAxisLabelRotation(bars.size() > LEVEL_BARS ? SLOPE : 0);
        chart.getStyler().setStacked(true).setAvailableSpaceFill(0.6);
        int index = 0;
        for (final Map.Entry<String, List<Double>> part : parts.entrySet()) {
            chart.addSeries(part.getKey(), bars, part.getValue()).setFillColor(ChartStyle.color(index++));
        }
        chart.paint(graphics, width, height);
    }
}
