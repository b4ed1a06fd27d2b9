package io.signvote.examples.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Colours, markers and fonts, the same in all charts. */
final class ChartStyle {
    /**
     * Seven colours of Okabe and Ito, two of Tol and a violet. Readers who lack one kind of cones can tell any two of them apart:
     * {@code ChartStyleTest} measures it.
     */
    private static final Color[] COLORS = {
        new Color(0xD55E00),
        new Color(0x0072B2),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0xE69F00),
        new Color(0x56B4E9),
        new Color(0x000000),
        new Color(0x882255),
        new Color(0x332288),
        new Color(0x8A2BE2)
    };

    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS
    };

    private static final int BAND_ALPHA = 36;

    private ChartStyle() {}

    static List<Color> palette() {
        return List.of(COLORS);
    }

    static Color color(final int index) {
        return COLORS[index % COLORS.length];
    }

    static Color band(final int index) {
        final Color color = color(index);
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA);
    }

    static Marker marker(final int index) {
        return MARKERS[index % MARKERS.length];
    }

    static BasicStroke thick() {
        return new BasicStroke(2.5f);
    }

    static BasicStroke dashed() {
        return new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, new float[] {6, 4}, 0);
    }

    /** Below the plot its entries are side by side. */
    static void legend(final Styler styler, final Styler.LegendPosition position) {
        styler.setLegendPosition(position)
                .setLegendLayout(
                        position == Styler.LegendPosition.OutsideS
                                ? Styler.LegendLayout.Horizontal
                                : Styler.LegendLayout.Vertical);
    }

    static void style(final AxesChartStyler styler) {
        styler.setLegendPosition(Styler.LegendPosition.InsideSE)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15))
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setLegendBorderColor(Color.LIGHT_GRAY)
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleBoxVisible(false)
                .setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(new Color(0xE4E4E4))
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                .setXAxisDecimalPattern("#,##0.###")
                .setYAxisDecimalPattern("#,##0.###");
    }
}
