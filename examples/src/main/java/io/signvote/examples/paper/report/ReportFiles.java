package io.signvote.examples.paper.report;

import io.signvote.examples.chart.DrawingException;
import io.signvote.examples.chart.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of reports. Each report has a PNG, a CSV, a CSV of its claims, and a text.
 *
 * @param directory of all files.
 */
public record ReportFiles(Path directory) {
    /**
     * Writes a report.
     *
     * @param report to write.
     * @param out    prints the names of the files.
     * @throws IOException if a file cannot be written. If Java cannot draw, the reason is printed instead.
     */
    public void write(final FigureReport report, final PrintWriter out) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(csv(report), report.csv(), StandardCharsets.UTF_8);
        Files.writeString(text(report), report.toString(), StandardCharsets.UTF_8);
        Files.writeString(claims(report), Claim.csv(report.claims()), StandardCharsets.UTF_8);
        try {
            Picture.write(report.panels(), report.perRow(), picture(report));
            out.printf("%n%s%n%s%n%s%n", picture(report), csv(report), text(report));
        } catch (final DrawingException e) {
            Files.deleteIfExists(picture(report));
            out.printf("%n%s%n%s%n%s%n", e.getMessage(), csv(report), text(report));
        }
    }

    /**
     * The file of a report's charts.
     *
     * @param report that was written.
     * @return a PNG, which does not exist if Java could not draw.
     */
    public Path picture(final FigureReport report) {
        return directory.resolve(report.id() + ".png");
    }

    Path csv(final FigureReport report) {
        return directory.resolve(report.id() + ".csv");
    }

    /** Every check, for scripts. */
    Path claims(final FigureReport report) {
        return directory.resolve(report.id() + ".claims.csv");
    }

    private Path text(final FigureReport report) {
        return directory.resolve(report.id() + ".txt");
    }
}
