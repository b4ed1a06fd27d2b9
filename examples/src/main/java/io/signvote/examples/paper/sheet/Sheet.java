package io.signvote.examples.paper.sheet;

import io.signvote.examples.chart.Panel;
import io.signvote.examples.paper.sheet.Claim.Kind;
import java.util.List;

/**
 * What a figure comes to.
 *
 * @param id       for file names.
 * @param title    for people.
 * @param shows    what the paper's figure shows, in a sentence or two.
 * @param settings all that was chosen, name and value.
 * @param panels   charts, in reading order.
 * @param perRow   most of them side by side.
 * @param tables   numbers for people.
 * @param csv      all numbers behind the charts, with a heading.
 * @param claims   and whether they hold.
 * @param notes    what a reader must know, or nothing.
 */
public record Sheet(
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
    public Sheet {
        panels = List.copyOf(panels);
        tables = List.copyOf(tables);
        claims = List.copyOf(claims);
        notes = List.copyOf(notes);
    }

    /** {@return what the paper's figure shows, and how to read the charts} */
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
