package io.signvote.examples.paper.report;

import java.util.List;

/**
 * A table for people.
 *
 * @param title   above the table.
 * @param columns headings.
 * @param rows    each with one cell per heading.
 */
public record Table(String title, List<String> columns, List<List<String>> rows) {
    /** Checks the shape. */
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (final List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(title + ": row " + row + " under " + columns);
            }
        }
    }

    /** Lines of text with aligned columns. */
    @Override
    public String toString() {
        final int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (final List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        final StringBuilder text = new StringBuilder(title).append('\n');
        append(text, columns, widths);
        rows.forEach(row -> append(text, row, widths));
        return text.toString();
    }

    private static void append(final StringBuilder text, final List<String> cells, final int[] widths) {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append("  ")
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
