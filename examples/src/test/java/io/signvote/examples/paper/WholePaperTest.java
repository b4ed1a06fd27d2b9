package io.signvote.examples.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.chart.LinePanel;
import io.signvote.examples.paper.figure.Figure;
import io.signvote.examples.paper.figure.FigureContext;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.ReportFiles;
import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.timing.Testbed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholePaperTest {
    private static final Table ABOUT = new Table("run", List.of("", ""), List.of());

    private final StringWriter out = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void shouldPutAllFiguresOnOnePage() throws Exception {
        assertEquals(0, draw(new Drawn("1"), new Drawn("2")));

        final String html = Files.readString(directory.resolve("index.html"));
        assertTrue(html.contains("<h2>Figure 1</h2>") && html.contains("<h2>Figure 2</h2>"), html);
        assertEquals(3, html.split("<img", -1).length, "two pictures");
        assertTrue(Files.readString(directory.resolve("figure-1.claims.csv")).contains("1-claim,\"check\",true"));
        assertTrue(out.toString().contains("questions of ours  2       2 "), out.toString());
    }

    @Test
    void shouldNameWhatThisMachineCannotDo() throws Exception {
        final int code = draw(new Drawn("1"), new Drawn("2") {
            @Override
            public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
                new Testbed(null).ensureAvailable("figure 2");
                throw new AssertionError("a testbed that is not there was available");
            }
        });

        assertEquals(0, code, "a machine that cannot is no failure");
        final String html = Files.readString(directory.resolve("index.html"));
        assertTrue(html.contains("<p class=\"reason\">missing: figure 2 measures hosts"), html);
        assertTrue(out.toString().contains("Figure 2: not drawn: figure 2 measures hosts"), out.toString());
        assertFalse(Files.exists(directory.resolve("figure-2.claims.csv")));
    }

    @Test
    void shouldGoOnAfterAFailureAndTellIt() throws Exception {
        final int code = draw(
                new Drawn("1") {
                    @Override
                    public FigureReport draw(final FigureContext context) {
                        throw new IllegalStateException("out of luck");
                    }
                },
                new Drawn("2"));

        assertEquals(1, code);
        final String html = Files.readString(directory.resolve("index.html"));
        assertTrue(html.contains("failed: java.lang.IllegalStateException: out of luck"), html);
        assertTrue(html.contains("<h2>Figure 2</h2>"), html);
    }

    @Test
    void shouldTellTheCommandWithoutPaths() {
        assertEquals(
                "examples/paper all --quick --seed 3",
                About.command(List.of(
                        "--shipped",
                        "/x/data",
                        "--scripts",
                        "/x/ci",
                        "--bar",
                        "all",
                        "--quick",
                        "--out",
                        "/x",
                        "--seed",
                        "3")));
    }

    @Test
    void shouldShowOnlyTheLastNamesOfData() {
        assertEquals(
                "examples/paper all --data mine --text b.txt",
                About.command(List.of("all", "--out=/x", "--data", "/y/mine", "--text=/y/b.txt")));
    }

    @Test
    void shouldKeepThePageOfWhatIsThereAndCountWhatIsMissing() throws Exception {
        final List<String> pages = new ArrayList<>();
        draw(new Drawn("1"), new Drawn("2") {
            @Override
            public FigureReport draw(final FigureContext context) throws IOException {
                pages.add(Files.readString(directory.resolve("index.html")));
                throw new IllegalStateException("out of luck");
            }
        });

        assertTrue(pages.get(0).contains("<h2>Figure 1</h2>") && pages.get(0).contains("1 of 2 so far"), pages.get(0));
        assertFalse(Files.readString(directory.resolve("index.html")).contains("so far"));
        assertTrue(out.toString().contains("1 of 2 missing, see above: figure-2"), out.toString());
    }

    private int draw(final Figure... figures) throws Exception {
        return new WholePaper(null, new ReportFiles(directory), new PrintWriter(out, true))
                .draw(List.of(figures), ABOUT);
    }

    private static class Drawn implements Figure {
        private final String name;

        Drawn(final String name) {
            this.name = name;
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public String title() {
            return "Figure " + name;
        }

        @Override
        public FigureReport draw(final FigureContext context) throws IOException, InterruptedException {
            return new FigureReport(
                    id(),
                    title(),
                    "shows",
                    ABOUT,
                    List.of(new LinePanel("chart", "x", "y")),
                    1,
                    List.of(),
                    "csv",
                    List.of(new Claim(
                            name + "-claim", Kind.QUESTION, "p", "r", List.of(new Check("check", true)), "m")),
                    List.of());
        }
    }
}
