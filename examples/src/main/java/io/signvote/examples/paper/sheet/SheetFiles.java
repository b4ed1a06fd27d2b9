package io.signvote.examples.paper.sheet;

import io.signvote.examples.chart.DrawingException;
import io.signvote.examples.chart.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where sheets are written: a PNG, a CSV and a text for each.
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
        try {
            Picture.write(sheet.panels(), sheet.perRow(), picture(sheet));
            out.printf("%n%s%n%s%n%s%n", picture(sheet), csv(sheet), text(sheet));
        } catch (final DrawingException e) {
            Files.deleteIfExists(picture(sheet));
            out.printf("%n%s%n%s%n%s%n", e.getMessage(), csv(sheet), text(sheet));
        }
    }

    Path picture(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".png");
    }

    Path csv(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".csv");
    }

    private Path text(final Sheet sheet) {
        return directory.resolve(sheet.id() + ".txt");
    }
}
