package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.paper.report.Claim.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProseTest {
    private static final Prose PROSE = Prose.of("a.md", """
            # A title

            The caption has two
            lines and {count} values.

            Another paragraph.

            ## The paper's settings

            ### figure 8

            - model: a model
              in two lines
            - data: not given

            ## Settings

            ### rate

            `a_b` is {rate}, and {rate} is fixed.

            ## Notes

            ### remark

            A remark.

            ## Claims

            ### 8-a: our question

            Does it hold?

            Check: It holds {times} times.

            ### 8-b: theorem

            It holds.

            ### 8-c: hearsay

            It holds.

            Check: It holds.
            """);

    @Test
    void shouldJoinLinesAndFillInValues() {
        assertEquals("A title", PROSE.title());
        assertEquals("The caption has two lines and 3 values. Another paragraph.", PROSE.caption("count", 3));
        assertEquals("a_b is $0.1, and $0.1 is fixed.", PROSE.setting("rate", "rate", "$0.1"));
        assertEquals("A remark.", PROSE.note("remark"));
        assertEquals(
                "{figure 8=model: a model in two lines; data: not given}",
                PROSE.paper().toString());
    }

    @Test
    void shouldReadClaims() {
        assertEquals(List.of("8-a", "8-b", "8-c"), PROSE.claims());
        assertEquals(
                new ClaimText("8-a", Kind.QUESTION, "Does it hold?", "It holds 2 times."),
                PROSE.claim("8-a", "times", 2));
    }

    @Test
    void shouldNameWhatIsMissing() {
        assertMessage("no none.md beside " + Prose.class.getName(), () -> Prose.of("none"));
        assertMessage("a.md has no text Settings, step", () -> PROSE.setting("step"));
        assertMessage("a.md has no text Notes, rate", () -> PROSE.note("rate"));
        assertMessage("a.md has no claim 8", () -> PROSE.claim("8"));
        assertMessage("a.md: no value of {rate} in rate", () -> PROSE.setting("rate"));
        assertMessage("a.md: remark has no place for [rate]", () -> PROSE.note("remark", "rate", 1));
        assertMessage("a.md: claim 8-b is no statement with a check: [It holds.]", () -> PROSE.claim("8-b"));
        assertMessage("a.md: claim 8-c is of no kind: hearsay", () -> PROSE.claim("8-c"));
    }

    private static void assertMessage(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @ParameterizedTest
    @MethodSource
    void shouldTellAllSettingsOfThePaper(final String settings) {
        assertEquals(
                List.of("model", "data", "workers", "batch", "epochs", "rate", "weight decay"),
                Arrays.stream(settings.split("; (?=[a-z ]+: )"))
                        .map(part -> part.substring(0, part.indexOf(": ")))
                        .toList());
    }

    static Stream<String> shouldTellAllSettingsOfThePaper() {
        return proses().flatMap(prose -> prose.paper().values().stream());
    }

    @Test
    void shouldKnowThePapersSettingsOfAllFiguresButTheToy() {
        assertEquals(
                List.of("2", "3", "4", "5", "6", "7", "10", "8", "9", "11"),
                proses().flatMap(prose -> prose.paper().keySet().stream())
                        .flatMap(figure -> Arrays.stream(
                                figure.substring("figure ".length()).split(" and ")))
                        .toList());
        assertTrue(Figures7And10.PROSE
                .paper()
                .get("figure 7 and 10")
                .contains("; epochs: not given; rate: Signum 1e-4, QSGD 0.1; "));
    }

    @Test
    void shouldAddThePapersSettings() {
        assertEquals(
                List.of("the paper's"),
                names(new Settings(MadeUpOutcomes.CONTEXT, Figure8.PROSE)
                        .withoutSeeds()
                        .addPaper()));
        assertEquals(
                List.of("the paper's, figure 2", "the paper's, figure 3"),
                names(new Settings(MadeUpOutcomes.CONTEXT, Figures2And3.PROSE)
                        .withoutSeeds()
                        .addPaper()));
    }

    private static Stream<Prose> proses() {
        return Figures.all().stream().map(figure -> Prose.of(figure.id()));
    }

    private static List<String> names(final Settings settings) {
        return settings.table().rows().stream()
                .map(row -> row.get(0))
                .filter(name -> !name.equals("scale"))
                .collect(Collectors.toList());
    }
}
