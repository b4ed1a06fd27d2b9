package io.signvote.examples.paper.sheet;

import io.signvote.examples.chart.DrawingException;
import io.signvote.examples.chart.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where sheets are written: for each a PNG, a CSV, its claims as CSV, and a text.
 *
 * @param directory of all.
 */
public record SheetFiles(Path directory) {
    /**
     * Writes a sheet.
     *
     * @param sheet to write.
     * @param out   told what was written.
     * @throws IOException where a file cannot be written; a Java that cannot draw is told and no error.
     */
    public void write(final Sheet sheet, final PrintWriter out) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(csv(sheet), sheet.csv(), StandardCharsets.UTF_8);
        Files.writeString(text(sheet), sheet.toString(), StandardCharsets.UTF_8);
        Files.writeString(claims(sheet), Claim.csv(sheet.claims()), StandardCharsets.UTF_8);
        try {
            Picture.write(sheet.panels(), sheet.perRow(), picture(sheet));
            out.printf("%n%s%n%s%n%s%n", picture(sheet), csv(sheet), text(sheet));
        } catch (final DrawingException e) {
            Files.deleteIfExists(picture(sheet));
            out.printf("%n%s%n%s%n%s%n", e.getMessage(), csv(sheet), text(sheet));
        }
    }

    /**
     * The chart of a sheet.
     *
     * @param sheet that was written.
     * @return its PNG, which is not there where this Java cannot draw.
     */
    public Path picture(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".png");
    }

    Path csv(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".csv");
    }

    /** Every check, for scripts. */
    Path claims(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".claims.csv");
    }

    private Path text(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".txt");
    }
}
