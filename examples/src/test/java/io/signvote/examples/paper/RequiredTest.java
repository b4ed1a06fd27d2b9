package io.signvote.examples.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.FigureReport;
import io.signvote.examples.paper.report.Table;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredTest {
    private static final List<FigureReport> REPORTS = List.of(
            report("figure-1", "rates", claim("1-holds", new Check("seed 1", true))),
            report(
                    "figure-8",
                    "the paper's, figure 8",
                    claim("8-less", new Check("2 invert, seed 1", false), new Check("3 invert, seed 1", true))));

    @ParameterizedTest
    @ValueSource(strings = {"1-holds", "1-holds:seed", "8-less:3 invert", "settings"})
    void shouldBeContent(final String required) {
        assertEquals(List.of(), Required.of(required).misses(REPORTS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    8-less          | 8-less does not hold: 2 invert, seed 1
                    8-less:2 invert | 8-less does not hold: 2 invert, seed 1
                    8-less:4 invert | no check is called 8-less:4 invert
                    9-none          | no check is called 9-none
                    """)
    void shouldNameWhatIsMissed(final String required, final String miss) {
        assertEquals(List.of(miss), Required.of(required).misses(REPORTS));
    }

    /** A toy has no settings in the paper. */
    @ParameterizedTest
    @CsvSource({"figure-1, 0", "rates, 0", "figure-9, 1"})
    void shouldAskForThePapersSettingsOfAllButToys(final String id, final int misses) {
        final List<FigureReport> reports = List.of(report(id, "seeds", claim("1-holds", new Check("seed 1", true))));

        assertEquals(misses, Required.of("settings").misses(reports).size());
    }

    private static FigureReport report(final String id, final String setting, final Claim claim) {
        final Table settings = new Table("settings", List.of("", ""), List.of(List.of(setting, "value")));
        return new FigureReport(id, id, "shows", settings, List.of(), 1, List.of(), "csv", List.of(claim), List.of());
    }

    private static Claim claim(final String id, final Check... checks) {
        return new Claim(id, Kind.PAPER, "p", "r", List.of(checks), "m");
    }
}
