package io.signvote.examples.paper.report;

import io.signvote.examples.paper.stats.Difference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** All reports in one file of HTML, which contains the pictures and loads nothing. Used by one thread. */
public final class Page {
    private static final String TITLE = "signSGD with majority vote, the paper on two cores";
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9.,eE+-]*( ?(%|ms|MB|bytes))?|-|diverged");
    /** The most rows of a table that is open at first. The reader opens longer ones. */
    private static final int SHOWN_ROWS = 24;
    /** Offset of the width in a PNG; the height follows. */
    private static final int PNG_WIDTH = 16;

    /** Pixels per unit of length on the page. */
    private static final int PNG_SCALE = 2;

    private final Table about;
    private final List<Claim> claims = new ArrayList<>();
    private final Html contents = new Html();
    private final Html overview = new Html();
    private final Html figures = new Html();

    /**
     * A page without figures.
     *
     * @param about the run: names and values.
     */
    public Page(final Table about) {
        this.about = about;
    }

    /**
     * Adds a figure.
     *
     * @param report   of it.
     * @param picture its PNG; if there is none, the page says so.
     * @throws IOException if the picture cannot be read.
     */
    public void add(final FigureReport report, final Path picture) throws IOException {
        link(report.id(), report.title(), "");
        claims.addAll(report.claims());
        for (final Claim claim : report.claims()) {
            overview.markup("<tr><td><a href=\"#").text(report.id()).markup("\">");
            overview.text(claim.id())
                    .markup("</a></td><td>")
                    .text(claim.kind().toString())
                    .markup("</td><td>")
                    .text(claim.statement())
                    .markup("</td><td>");
            chip(overview, claim.verdict()).markup("</td></tr>\n");
        }
        figures.markup("<section class=\"figure\" id=\"").text(report.id()).markup("\">\n");
        figures.element("h2", report.title()).element("p class=\"shows\"", report.caption());
        image(report, picture);
        figures.markup("<div class=\"claims\">\n");
        report.claims().forEach(this::claim);
        figures.markup("</div>\n");
        for (final String note : report.notes()) {
            figures.element("p class=\"note\"", note);
        }
        table(figures, report.settings(), false);
        report.tables().forEach(table -> table(figures, table, table.rows().size() <= SHOWN_ROWS));
        figures.markup("</section>\n");
    }

    /**
     * Adds a figure that was not drawn.
     *
     * @param id     of it.
     * @param title  of it.
     * @param reason with the remedy, if there is one.
     */
    public void addMissing(final String id, final String title, final String reason) {
        link(id, title, " class=\"missing\"");
        figures.markup("<section class=\"figure missing\" id=\"")
                .text(id)
                .markup("\">\n")
                .element("h2", title);
        figures.element("p class=\"reason\"", "missing: " + reason).markup("</section>\n");
    }

    /**
     * Writes it.
     *
     * @param target file.
     * @throws IOException where it cannot be written.
     */
    public void write(final Path target) throws IOException {
        write(target, "");
    }

    /**
     * Writes the page before all figures are drawn.
     *
     * @param target   file; its directory is made.
     * @param progress how many are there, or nothing.
     * @throws IOException where it cannot be written.
     */
    public void write(final Path target, final String progress) throws IOException {
        final Html page = new Html();
        page.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .element("title", TITLE)
                .markup("<style>\n" + style() + "</style>\n</head>\n<body>\n<header>\n")
                .element("p class=\"kicker\"", "SignVote")
                .element("h1", "The paper on two cores")
                .markup(
                        "<p class=\"lead\">This page repeats every figure of <a href=\"https://arxiv.org/abs/1810.05291\">signSGD"
                                + " with majority vote is communication efficient and fault tolerant</a> with this library, at the scale"
                                + " of two cores. It states each claim of the paper, the measurements, and whether the claim holds."
                                + "</p>\n<dl>\n");
        about.rows().forEach(row -> page.element("dt", row.get(0)).element("dd", row.get(1)));
        if (!progress.isEmpty()) {
            page.element("dt", "figures").element("dd", progress);
        }
        page.markup("</dl>\n</header>\n<nav>\n").markup(contents.toString()).markup("</nav>\n");
        page.markup("<section id=\"claims\">\n<h2>Claims</h2>\n").element("p class=\"shows\"", Verdict.RULE);
        page.element("p class=\"shows\"", Difference.RULE);
        if (!claims.isEmpty()) {
            table(page, Summary.of(claims), true);
        }
        page.markup("<div class=\"scroll\"><table class=\"overview\">\n")
                .markup("<tr><th>claim</th><th>kind</th><th>statement</th><th>here</th></tr>\n")
                .markup(overview.toString())
                .markup("</table></div>\n</section>\n")
                .markup(figures.toString())
                .markup("</body>\n</html>\n");
        final Path directory = target.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        // whole or not at all
        final Path unfinished = directory.resolve(target.getFileName() + ".part");
        Files.writeString(unfinished, page.toString(), StandardCharsets.UTF_8);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void link(final String id, final String title, final String attributes) {
        contents.markup("<a" + attributes + " href=\"#")
                .text(id)
                .markup("\">")
                .text(title)
                .markup("</a>\n");
    }

    private void image(final FigureReport report, final Path picture) throws IOException {
        final byte[] png;
        try {
            png = Files.readAllBytes(picture);
        } catch (final NoSuchFileException e) {
            figures.element(
                    "p class=\"reason\"",
                    "no picture: this Java cannot draw text, apt-get install fontconfig fonts-dejavu-core");
            return;
        }
        final ByteBuffer head = ByteBuffer.wrap(png);
        figures.markup("<img alt=\"").text(report.title() + ": charts").markup("\" width=\"");
        figures.markup(head.getInt(PNG_WIDTH) / PNG_SCALE + "\" height=\"");
        figures.markup(head.getInt(PNG_WIDTH + Integer.BYTES) / PNG_SCALE + "\" src=\"data:image/png;base64,");
        figures.markup(Base64.getEncoder().encodeToString(png)).markup("\">\n");
    }

    private void claim(final Claim claim) {
        figures.markup("<article>\n").element("p class=\"kind\"", claim.kind().toString());
        figures.element("p class=\"paper\"", claim.statement()).markup("<p>");
        chip(figures, claim.verdict()).text(" " + claim.reason()).markup("</p>\n<dl>\n");
        figures.element("dt", "check").element("dd", claim.rule());
        figures.element("dt", "measured").element("dd", claim.measured());
        if (!claim.differences().isEmpty()) {
            figures.element("dt", "differences");
            claim.differences().forEach(each -> figures.element("dd", each.toString()));
        }
        figures.markup("</dl>\n</article>\n");
    }

    private static Html chip(final Html html, final Verdict verdict) {
        return html.markup("<span class=\"verdict " + verdict.name().toLowerCase(Locale.ROOT) + "\">")
                .text(verdict.toString())
                .markup("</span>");
    }

    private static void table(final Html html, final Table table, final boolean isOpen) {
        final boolean[] isNumeric = new boolean[table.columns().size()];
        for (int i = 0; i < isNumeric.length; i++) {
            final int column = i;
            isNumeric[i] = table.rows().stream()
                    .map(row -> row.get(column))
                    .allMatch(cell -> cell.isEmpty() || NUMBER.matcher(cell).matches());
        }
        html.markup(isOpen ? "<details open>" : "<details>").element("summary", table.title());
        html.markup("<div class=\"scroll\"><table>\n");
        row(html, table.columns(), "th", isNumeric);
        table.rows().forEach(row -> row(html, row, "td", isNumeric));
        html.markup("</table></div></details>\n");
    }

    private static void row(final Html html, final List<String> cells, final String tag, final boolean[] isNumeric) {
        html.markup("<tr>");
        for (int i = 0; i < isNumeric.length; i++) {
            html.markup("<" + tag + (isNumeric[i] ? " class=\"number\">" : ">"));
            html.text(cells.get(i)).markup("</" + tag + ">");
        }
        html.markup("</tr>\n");
    }

    private static String style() {
        try (InputStream style = Page.class.getResourceAsStream("page.css")) {
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
