package io.signvote.examples.paper.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.chart.Line;
import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.stats.Difference;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureReportTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needNoScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    @ParameterizedTest
    @CsvSource({"4,4,HOLDS", "3,4,IN_PART", "2,4,IN_PART", "1,4,NOT", "0,4,NOT", "1,1,HOLDS", "0,1,NOT"})
    void shouldJudgeByTheChecks(final int holding, final int all, final Verdict verdict) {
        assertEquals(verdict, claim(holding, all).verdict());
    }

    @Test
    void shouldNameWhatFails() {
        assertEquals("2 of 2 checks", claim(2, 2).reason());
        assertEquals("1 of 3 checks; not: check 1; check 2", claim(1, 3).reason());
        assertEquals(
                "1 of 7 checks; not: check 1; check 2; check 3; check 4; ...",
                claim(1, 7).reason());
    }

    @Test
    void shouldRefuseAClaimThatChecksNothing() {
        final Exception error = assertThrows(IllegalArgumentException.class, () -> claim(0, 0));

        assertEquals("claim c has no checks", error.getMessage());
    }

    @Test
    void shouldSayWhyAClaimIsNotTested() {
        final Claim claim = Claim.notTested("c", Kind.PAPER, "p", "r", "m", "too few");

        assertEquals(Verdict.NOT_TESTED, claim.verdict());
        assertEquals("too few", claim.reason());
        assertEquals("claim,check,holds\n", Claim.csv(List.of(claim)));
        final List<Check> checks = claim(1, 1).checks();
        assertThrows(
                IllegalArgumentException.class,
                () -> new Claim("c", Kind.PAPER, "p", "r", checks, List.of(), "m", "too few"));
    }

    @Test
    void shouldAlignColumns() {
        final Table table = new Table("t", List.of("a", "long"), List.of(List.of("wide", "1"), List.of("x", "2")));

        assertEquals("t\n  a     long\n  wide  1\n  x     2\n", table.toString());
    }

    @Test
    void shouldRefuseARowOfAnotherLength() {
        final Exception error = assertThrows(
                IllegalArgumentException.class, () -> new Table("t", List.of("a", "b"), List.of(List.of("1"))));

        assertEquals("t: row [1] under [a, b]", error.getMessage());
    }

    @Test
    void shouldWriteAPictureNumbersAndText() throws IOException {
        final StringWriter told = new StringWriter();
        final ReportFiles files = new ReportFiles(directory.resolve("new"));
        final FigureReport report = report();

        files.write(report, new PrintWriter(told, true));

        final String text = Files.readString(directory.resolve("new/figure-0.txt"));
        assertEquals("x,y\n1,2\n", Files.readString(directory.resolve("new/figure-0.csv")));
        assertNotNull(ImageIO.read(directory.resolve("new/figure-0.png").toFile()));
        assertEquals(report.toString(), text);
        for (final String suffix : List.of("png", "csv", "txt")) {
            assertTrue(told.toString().contains("figure-0." + suffix), told.toString());
        }
    }

    @Test
    void shouldPutTheClaimBesideWhatWasMeasured() {
        final String text = report().toString();

        assertTrue(text.startsWith("A title\nwhat it shows\n\nsettings\n  setting  value\n  seeds    1\n"), text);
        assertTrue(
                text.contains(
                        "\npaper:    p\ncheck:    r\nmeasured: m\nverdict:  holds in part, 1 of 2 checks; not: check 1\n"),
                text);
        assertTrue(text.endsWith("\nnote: mind\n"), text);
    }

    @Test
    void shouldSayWhoseClaimItIsAndByHowMuchItsArmsDiffer() {
        final List<Check> checks = List.of(new Check("check", true));
        final List<Difference> differences =
                List.of(Difference.of("a less b", "", 1), Difference.of("a less c", "", 2));

        assertTrue(report(new Claim("c", Kind.THEOREM, "p", "r", checks, "m"))
                .toString()
                .contains("\ntheorem:  p\n"));
        assertTrue(report(new Claim("c", Kind.QUESTION, "p", "r", checks, differences, "m", null))
                .toString()
                .contains("\nasked:    p\ncheck:    r\nmeasured: m\nverdict:  holds, 1 of 1 checks\n"
                        + "differ:   a less b: +1.00, one seed: no interval\n"
                        + "differ:   a less c: +2.00, one seed: no interval\n"));
    }

    @Test
    void shouldCountEachKindOfClaimByItself() {
        final List<Check> mixed = List.of(new Check("a", true), new Check("b", false));
        final List<Check> failed = List.of(new Check("b", false));

        assertEquals(
                String.join(
                        "\n",
                        "claims by kind",
                        "  kind                   in all  holds  holds in part  does not hold here  not tested",
                        "  claims of the paper    3       2      1              0                   0",
                        "  theorems of the paper  1       0      0              0                   1",
                        "  questions of ours      2       0      1              1                   0",
                        ""),
                Summary.of(List.of(
                                claim(1, 1),
                                new Claim("q", Kind.QUESTION, "p", "r", mixed, "m"),
                                claim(2, 2),
                                Claim.notTested("t", Kind.THEOREM, "p", "r", "m", "too few"),
                                new Claim("q", Kind.QUESTION, "p", "r", failed, "m"),
                                claim(1, 2)))
                        .toString());
        assertEquals(List.of(), Summary.of(List.of()).rows());
    }

    private static Claim claim(final int holding, final int all) {
        final List<Check> checks = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            checks.add(new Check("check " + i, i < holding));
        }
        return new Claim("c", Kind.PAPER, "p", "r", checks, "m");
    }

    private static FigureReport report() {
        return report(claim(1, 2));
    }

    private static FigureReport report(final Claim claim) {
        return new FigureReport(
                "figure-0",
                "A title",
                "what it shows",
                new Table("settings", List.of("setting", "value"), List.of(List.of("seeds", "1"))),
                List.of(new LinePanel("panel", "x", "y")
                        .add(new Line("line", new double[] {1, 2}, new double[] {3, 4}, Line.Look.PLAIN))),
                1,
                List.of(),
                "x,y\n1,2\n",
                List.of(claim),
                List.of("mind"));
    }
}
