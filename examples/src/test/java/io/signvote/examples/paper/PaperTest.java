package io.signvote.examples.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PaperTest {
    static final Path SHIPPED = Path.of(System.getProperty("signvote.root"), "examples", "data");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeAll
    static void needNoScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    figure 12               | figure 12 is not known, expected one of 1 2 3
                    figure one              | figure one is not known, expected one of 1 2 3
                    figure 1 --seed one     | Invalid value for option '--seed': 'one' is not a long
                    figure 1 --ranks 3.5    | Invalid value for option '--ranks': '3.5' is not an int
                    figure 1 --quick --full | --quick and --full exclude each other
                    figure 1 --slow         | unknown: --slow
                    figure                  | Missing required parameter: 'N'
                    paint                   | unknown: paint
                    """)
    void shouldRefuseWhatItDoesNotKnow(final String command, final String message) {
        assertEquals(CommandLine.ExitCode.USAGE, run(command.split(" ")));
        assertTrue(err.toString().startsWith("paper: " + message), err.toString());
        assertTrue(err.toString().endsWith(", see examples/paper --help" + System.lineSeparator()), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "figure --help", "all --help", "rates -h"})
    void shouldTellItsOptions(final String command) {
        assertEquals(CommandLine.ExitCode.OK, run(command.split(" ")), err::toString);

        assertTrue(out.toString().startsWith("Usage: examples/paper"), out.toString());
        for (final String option : List.of("--quick", "--full", "--seed", "--ranks", "--model", "--data", "--text")) {
            assertTrue(out.toString().contains(option), option);
        }
        assertFalse(out.toString().contains("--shipped"), out.toString());
    }

    @Test
    void shouldNameADirectoryWithoutData() {
        assertEquals(CommandLine.ExitCode.SOFTWARE, run("figure", "8", "--data", directory.toString()));
        assertTrue(err.toString().startsWith("paper: neither " + directory), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    @Test
    void shouldNameATextThatIsNone() {
        final Path none = directory.resolve("none.txt");

        assertEquals(CommandLine.ExitCode.SOFTWARE, run("figure", "6", "--text", none.toString()));
        assertTrue(err.toString().startsWith("paper: " + none + " is not a file"), err.toString());
    }

    @ParameterizedTest
    @CsvSource({"9, 6, 7", "1, 2, 3", "8, 2, 3", "4, 1, 2", "5, 1, 2", "7, 1, 2", "6, 0, 2", "rates, 2, 3", "2, 0, 1"})
    void shouldNameRanksThatAreTooFew(final String figure, final String ranks, final String least) {
        assertEquals(CommandLine.ExitCode.USAGE, run("figure", figure, "--ranks", ranks));
        assertEquals(
                "paper: --ranks " + ranks + " are too few for figure " + figure + ", which needs at least " + least
                        + ", see examples/paper --help" + System.lineSeparator(),
                err.toString());
    }

    @Test
    void shouldRefuseTooFewRanksBeforeAnyFigureOfAll() {
        assertEquals(CommandLine.ExitCode.USAGE, run("all", "--ranks", "6"));
        assertTrue(err.toString().startsWith("paper: --ranks 6 are too few for figure 9"), err.toString());
        assertFalse(Files.exists(directory.resolve("figure-1.csv")));
    }

    @Test
    void shouldDrawAFigureAndKeepItsRuns() throws IOException {
        assertEquals(0, run("figure", "1", "--quick", "--ranks", "3"), err::toString);

        assertTrue(ImageIO.read(directory.resolve("figure-1.png").toFile()).getWidth() > 1000);
        final List<String> csv = Files.readAllLines(directory.resolve("figure-1.csv"));
        assertEquals("line,rate,seed,step,epoch,bytes_per_rank,value,loss", csv.get(0));
        // 1 and 3 workers, 0, 1 and 2 that invert; the start and a hundred points; two seeds
        assertEquals(1 + 5 * 101 * 2, csv.size());
        final String text = Files.readString(directory.resolve("figure-1.txt"));
        assertTrue(out.toString().contains(text), out.toString());
        assertTrue(text.contains("verdict:  holds, 2 of 2 checks"), text);
        try (Stream<Path> runs = Files.list(directory.resolve("runs"))) {
            // 3 workers and 0 that invert are the same
            assertEquals(2 * 4, runs.count());
        }
    }

    @Test
    void shouldRefuseAnUnknownRequiredClaimBeforeAnyRun() {
        assertEquals(CommandLine.ExitCode.USAGE, run("figure", "1", "--quick", "--require", "1-exactly-half:3"));

        assertEquals(
                "paper: --require 1-exactly-half:3: no claim of these figures is called 1-exactly-half, expected one of"
                        + " settings 1-workers 1-below-half 1-above-half, see examples/paper --help"
                        + System.lineSeparator(),
                err.toString());
        assertFalse(Files.exists(directory.resolve("figure-1.csv")));
    }

    @Test
    void shouldEndWithAnErrorIfWhatIsRequiredIsMissed() {
        assertEquals(
                1,
                run(
                        "figure",
                        "1",
                        "--quick",
                        "--ranks",
                        "3",
                        "--require",
                        "1-below-half",
                        "--require=1-below-half:none"));
        assertEquals("paper: required: no check is called 1-below-half:none" + System.lineSeparator(), err.toString());

        assertEquals(0, run("figure", "1", "--quick", "--ranks", "3", "--require", "1-below-half"));
        assertTrue(out.toString().endsWith("required: all of 1 hold" + System.lineSeparator()), out.toString());
    }

    @Test
    void shouldCheckTheRates() throws IOException {
        assertEquals(0, run("rates", "--quick", "--ranks", "3", "--seed", "7"), err::toString);

        final String text = Files.readString(directory.resolve("rates.txt"));
        final List<String> csv = Files.readAllLines(directory.resolve("rates.csv"));
        assertEquals("theorem,sigma,workers,attack,liars,alpha,K,batch,rate,seed,left,bound", csv.get(0));
        // theorem 1: three sigmas, six K; theorem 2: 0 and 1 of 3 invert, 1 rescales, 1 randomises, 2 invert, four K;
        // two seeds
        assertEquals(1 + (3 * 6 + 5 * 4) * 2, csv.size());
        assertTrue(out.toString().contains("rates-1                  theorem        holds"), out.toString());
        assertTrue(out.toString().contains("theorems of the paper  4       4 "), out.toString());
        assertTrue(text.contains("theorem:  Majority vote converges"), text);
        assertTrue(text.contains("verdict:  holds, 36 of 36 checks"), text);
        assertTrue(text.contains("verdict:  holds, 8 of 8 checks"), text);
        assertTrue(text.contains("verdict:  holds, 16 of 16 checks"), text);
        assertTrue(text.contains("asked:    With more than half inverting"), text);
        assertFalse(text.contains(System.getProperty("signvote.root")), text);
        assertFalse(text.contains("rates searched"), text);
        assertTrue(text.contains("bands               from the least to the greatest"), text);
        assertTrue(
                csv.stream().anyMatch(line -> line.startsWith("2,1.0,3,invert,1,0.3333333333333333,10,10,")),
                csv.toString());
        assertTrue(csv.get(1).split(",")[9].equals("7"), csv.get(1));
    }

    private int run(final String... args) {
        final List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--out", directory.toString(), "--shipped", SHIPPED.toString()));
        return Paper.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
