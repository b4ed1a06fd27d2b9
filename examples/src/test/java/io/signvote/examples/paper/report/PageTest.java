package io.signvote.examples.paper.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.stats.Difference;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final String NASTY = "<b>&\"'</b>";
    private static final String SAFE = "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;";

    private final Page page = new Page(new Table("run", List.of("", ""), List.of(List.of("commit", "abc" + NASTY))));

    @TempDir
    private Path directory;

    private Path picture;

    @BeforeEach
    void draw() throws Exception {
        picture = directory.resolve("chart.png");
        ImageIO.write(new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    }

    @Test
    void shouldHoldAllThatAReportHas() throws Exception {
        page.add(report("figure-8", "Figure 8: robust"), picture);

        final String html = written();

        for (final String part : List.of(
                "<h2>Figure 8: robust</h2>",
                "what it shows",
                "<section class=\"figure\" id=\"figure-8\">",
                "<a href=\"#figure-8\">",
                "the paper says",
                "what is checked",
                "what was measured",
                "<p class=\"kind\">theorem</p>",
                "<dd>a less b: +2.00 points, 95 % interval -0.484 to +4.48, 3 seeds</dd>",
                "</a></td><td>theorem</td><td>the paper says</td>",
                "<span class=\"verdict in_part\">holds in part</span> 1 of 2 checks; not: b, seed 1",
                "a setting",
                "<td class=\"number\">12.5 ms</td>",
                "take note",
                "<dt>commit</dt>")) {
            assertTrue(html.contains(part), part);
        }
    }

    @Test
    void shouldCountEachKindOfClaimByItself() throws Exception {
        page.add(report("figure-8", "Figure 8"), picture);
        page.add(report("figure-9", "Figure 9"), picture);

        final String html = written();

        assertTrue(html.contains("<details open><summary>claims by kind</summary>"), html);
        assertTrue(
                html.contains("<td>theorems of the paper</td><td class=\"number\">2</td><td class=\"number\">0</td>"
                        + "<td class=\"number\">2</td>"),
                html);
        assertFalse(html.contains("questions of ours"), "there is none");
    }

    @Test
    void shouldCarryThePicturesInItself() throws Exception {
        page.add(report("figure-8", "Figure 8"), picture);

        final String html = written();

        final String data = Base64.getEncoder().encodeToString(Files.readAllBytes(picture));
        assertTrue(html.contains("width=\"40\" height=\"30\" src=\"data:image/png;base64," + data + "\""));
        assertFalse(html.replace("https://arxiv.org", "").contains("://"), "nothing is loaded from elsewhere");
        assertFalse(html.contains(directory.toString()), "no path of this machine");
    }

    @Test
    void shouldLetTextBeText() throws Exception {
        page.add(report("figure-8", NASTY), picture);
        page.addMissing("figure-9", NASTY, NASTY);

        final String html = written();

        assertFalse(html.contains(NASTY));
        assertTrue(html.contains("<h2>" + SAFE + "</h2>"), html);
        assertTrue(html.contains("alt=\"" + SAFE + ": charts\""), html);
        assertTrue(html.contains("<dd>abc" + SAFE + "</dd>"), html);
        assertTrue(html.contains("<p class=\"reason\">missing: " + SAFE + "</p>"), html);
    }

    @Test
    void shouldSayWhereThereIsNoPicture() throws Exception {
        page.add(report("figure-8", "Figure 8"), directory.resolve("none.png"));

        final String html = written();

        assertFalse(html.contains("<img"));
        assertTrue(html.contains("apt-get install fontconfig fonts-dejavu-core"), html);
    }

    @Test
    void shouldOpenShortTablesOnly() throws Exception {
        final List<String> row = List.of("1");
        page.add(
                report(
                        "figure-8",
                        "Figure 8",
                        new Table("short", List.of("a"), List.of(row)),
                        new Table("long", List.of("a"), Collections.nCopies(25, row))),
                picture);

        final String html = written();

        assertTrue(html.contains("<details open><summary>short</summary>"), html);
        assertTrue(html.contains("<details><summary>long</summary>"), html);
        assertTrue(html.contains("<details><summary>settings</summary>"), html);
    }

    @Test
    void shouldListChecksForScripts() {
        final Claim claim = new Claim(
                "8-x",
                Kind.PAPER,
                "p",
                "r",
                List.of(new Check("3 invert, seed 1", true), new Check("a \"b\"", false)),
                "m");

        assertEquals(
                "claim,check,holds\n8-x,\"3 invert, seed 1\",true\n8-x,\"a \"\"b\"\"\",false\n",
                Claim.csv(List.of(claim)));
    }

    private String written() throws Exception {
        final Path target = directory.resolve("index.html");
        page.write(target);
        return Files.readString(target);
    }

    private static FigureReport report(final String id, final String title, final Table... tables) {
        return new FigureReport(
                id,
                title,
                "what it shows",
                new Table("settings", List.of("setting", "value"), List.of(List.of("a setting", "12.5 ms"))),
                List.of(),
                1,
                List.of(tables),
                "csv",
                List.of(new Claim(
                        "8-learns",
                        Kind.THEOREM,
                        "the paper says",
                        "what is checked",
                        List.of(new Check("a, seed 1", true), new Check("b, seed 1", false)),
                        List.of(Difference.of("a less b", "points", 1, 2, 3)),
                        "what was measured",
                        null)),
                List.of("take note"));
    }
}
