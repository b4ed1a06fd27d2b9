package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.RunStore;
import io.signvote.examples.paper.run.Runner;
import io.signvote.examples.paper.run.WorkProgress;
import io.signvote.examples.paper.timing.FakeTestbed;
import io.signvote.examples.paper.timing.GlooJob;
import io.signvote.examples.paper.timing.Phases;
import io.signvote.examples.paper.timing.ShapedLink;
import io.signvote.examples.paper.timing.Testbed;
import io.signvote.examples.paper.timing.UnavailableException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures 4 and 5 over a testbed that answers 41 ms for an average and 3 ms for a vote. */
class TimingFiguresTest {
    private static final Path SHIPPED = Path.of(System.getProperty("signvote.root"), "examples", "data");

    @TempDir
    private Path directory;

    @Test
    void shouldBreakAStepDown() throws Exception {
        final FigureReport report = new Figure4().draw(context(FakeTestbed.answering(directory)));

        assertEquals(2, report.panels().size(), "a panel for each rate");
        final List<String> vote = report.tables().get(0).rows().stream()
                .filter(row -> row.get(2).equals("vote"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("265 Mbit/s", "CNN", "vote"), vote.subList(0, 3));
        assertEquals(List.of("0.200", "2.400", "0.300", "0.100"), vote.subList(4, 8));
        assertEquals("100 bytes", vote.get(10));
        assertEquals(3 + Double.parseDouble(vote.get(3)), Double.parseDouble(vote.get(8)), 0.006, "all parts");
        assertTellsTheLoadAndThePapers(report);
        final Map<String, Claim> claims = claims(report);
        assertEquals(Verdict.HOLDS, claims.get("4-communicates-less").verdict());
        assertEquals(Verdict.HOLDS, claims.get("4-cheap-compression").verdict());
        assertEquals(Verdict.HOLDS, claims.get("4-traffic").verdict());
        assertTrue(claims.get("4-traffic").measured().startsWith("31.0 times fewer with CNN at 265"));
        final int methods = GlooJob.python().isPresent() ? 3 : 2;
        assertEquals(1 + 2 * methods, report.csv().lines().count());
    }

    private static void assertTellsTheLoadAndThePapers(final FigureReport report) {
        for (final String setting : List.of("load of the machine", "the paper's")) {
            assertTrue(
                    report.settings().rows().stream().anyMatch(row -> row.get(0).equals(setting)),
                    report.settings().toString());
        }
    }

    @Test
    void shouldHoldTheVoteAgainstTheFasterAveraging() {
        final List<Verdict> own = verdicts(OptionalDouble.empty());
        final List<Verdict> slower = verdicts(OptionalDouble.of(28));
        final List<Verdict> faster = verdicts(OptionalDouble.of(15));

        assertEquals(List.of(Verdict.HOLDS, Verdict.NOT, Verdict.HOLDS), own, "5 ms against 30; 3 of 5 are arithmetic");
        assertEquals(own, slower);
        assertEquals(List.of(Verdict.NOT, Verdict.NOT, Verdict.HOLDS), faster, "5 ms against 19");
    }

    private static List<Verdict> verdicts(final OptionalDouble gloo) {
        return Figure4.claims(List.of(new Figure4.Row(times(gloo), "CNN", 10))).stream()
                .map(Claim::verdict)
                .toList();
    }

    @Test
    void shouldPutStepsAndTheirTimesTogether() throws Exception {
        final FigureReport report = new Figure5().draw(context(FakeTestbed.answering(directory)));

        assertEquals(3, report.panels().size(), "a panel for each rate, and the saving");
        assertTellsTheLoadAndThePapers(report);
        final Map<String, Claim> claims = claims(report);
        assertEquals(Verdict.HOLDS, claims.get("5-faster").verdict());
        assertEquals(4, claims.get("5-sooner").checks().size(), "two rates, two seeds");
        final List<List<String>> rows = report.tables().get(0).rows();
        final double compute = Double.parseDouble(rows.get(0).get(2));
        assertEquals(compute + 3, Double.parseDouble(rows.get(0).get(7)), 0.011);
        final List<String> paper = rows.get(rows.size() - 1);
        assertEquals(
                List.of("the paper's 25 %; all else in this row is arithmetic of ours", "28.0 %", "27.1 %", "25.0 %"),
                List.of(paper.get(0), paper.get(9), paper.get(10), paper.get(11)));
        assertTrue(
                report.notes().contains(Figure5.PROSE.note("arithmetic")), "the paper has no share of communication");
        // seed 1's last point, by vote: 80 steps
        final String last = report.csv()
                .lines()
                .filter(line -> line.startsWith("265,\"Signum, vote\",1,80,"))
                .findFirst()
                .orElseThrow();
        assertEquals(80 * (compute + 3) / 1e3, Double.parseDouble(last.split(",")[5]), 0.002);
    }

    @Test
    void shouldSayWhatIsNeededWhereThereAreNoHosts() {
        final UnavailableException four =
                assertThrows(UnavailableException.class, () -> new Figure4().draw(context(new Testbed(null))));
        final UnavailableException five =
                assertThrows(UnavailableException.class, () -> new Figure5().draw(context(new Testbed(null))));

        assertTrue(four.getMessage().startsWith("figure 4 measures hosts"), four.getMessage());
        assertTrue(five.getMessage().startsWith("figure 5 measures hosts"), five.getMessage());
    }

    @Test
    void shouldTakeTheFasterAveraging() {
        final StepTimes.Step own = step(OptionalDouble.empty());
        final StepTimes.Step slower = step(OptionalDouble.of(28));
        final StepTimes.Step faster = step(OptionalDouble.of(16));

        assertEquals(40, own.meanMs());
        assertEquals(0.75, own.share());
        assertEquals(1 - 15.0 / 40, own.saving());
        assertEquals(40, slower.meanMs(), "Gloo's 28 ms and the step of the parameters, 4 ms, are more than 30");
        assertEquals(30, faster.meanMs(), "10 of computing, 16 of Gloo, 4 of the step");
        assertEquals(0.5, faster.saving());
    }

    private static StepTimes.Step step(final OptionalDouble gloo) {
        return new StepTimes.Step(times(gloo), 32, 10);
    }

    static Exchanges.Times times(final OptionalDouble gloo) {
        final Phases vote = new Phases(5, 1, 1, 1, 100);
        final Phases mean = new Phases(30, 0, 2, 4, 3200);
        return new Exchanges.Times(new ShapedLink(100), 1000, 9, vote, mean, gloo);
    }

    private FigureContext context(final Testbed testbed) {
        final WorkProgress progress = new WorkProgress(new PrintStream(OutputStream.nullOutputStream()), false);
        final Runner runner = new Runner(new RunStore(directory.resolve("runs")), progress, 2);
        return new FigureContext(Scale.QUICK, 1, 2, runner, new FigureContext.Sources(SHIPPED, null, SHIPPED))
                .testbed(testbed);
    }

    private static Map<String, Claim> claims(final FigureReport report) {
        return report.claims().stream().collect(Collectors.toMap(Claim::id, Function.identity()));
    }
}
