package io.signvote.examples.paper.report;

import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.report.Claim.Kind;
import java.util.List;

/**
 * All results of a figure.
 *
 * @param id       for file names.
 * @param title    for people.
 * @param shows    what the charts show, in a few sentences.
 * @param settings all choices, by name and value.
 * @param panels   charts, in reading order.
 * @param perRow   the most charts side by side.
 * @param tables   numbers for people.
 * @param csv      all numbers behind the charts, with a heading.
 * @param claims   of the figure, with their checks.
 * @param notes    remarks that a reader needs; may be empty.
 */
public record FigureReport(
        String id,
        String title,
        String shows,
        Table settings,
        List<Panel> panels,
        int perRow,
        List<Table> tables,
        String csv,
        List<Claim> claims,
        List<String> notes) {
    private static final String BANDS =
            "Curves are means over the seeds, in bands from the least seed to the greatest.";

    /** Copies the lists. */
    public FigureReport {
        panels = List.copyOf(panels);
        tables = List.copyOf(tables);
        claims = List.copyOf(claims);
        notes = List.copyOf(notes);
    }

    /** {@return what the charts show, and how to read them} */
    public String caption() {
        return panels.stream().anyMatch(Panel::hasBand) ? shows + " " + BANDS : shows;
    }

    /** All but charts and CSV, as text. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        text.append(title).append('\n').append(caption()).append("\n\n").append(settings);
        tables.forEach(table -> text.append('\n').append(table));
        for (final Claim claim : claims) {
            text.append('\n').append(heading(claim.kind())).append(claim.statement());
            text.append('\n').append("check:    ").append(claim.rule());
            text.append('\n').append("measured: ").append(claim.measured());
            text.append('\n')
                    .append("verdict:  ")
                    .append(claim.verdict())
                    .append(", ")
                    .append(claim.reason());
            text.append('\n');
            claim.differences()
                    .forEach(each -> text.append("differ:   ").append(each).append('\n'));
        }
        notes.forEach(note -> text.append("\nnote: ").append(note).append('\n'));
        return text.toString();
    }

    private static String heading(final Kind kind) {
        return switch (kind) {
            case PAPER -> "paper:    ";
            case THEOREM -> "theorem:  ";
            case QUESTION -> "asked:    ";
        };
    }
}
