package io.signvote.examples.paper.figure;

import static io.signvote.examples.paper.figure.MadeUpOutcomes.CONTEXT;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.accuracies;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.bits;
import static io.signvote.examples.paper.figure.MadeUpOutcomes.inverting;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.report.Verdict;
import io.signvote.examples.paper.run.GradientSurvey;
import io.signvote.examples.paper.run.Participants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of claims in the README of the examples, beside the claims of the figures. */
class ClaimsTableTest {
    private static final Path README = Path.of(System.getProperty("signvote.root"), "examples", "README.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z0-9-]+)` \\| ([^|]+) \\| ([^|]+) \\| ([a-z ]+)(\\*?) \\|$", Pattern.MULTILINE);

    @Test
    void shouldListTheClaimsOfAllFigures() throws IOException {
        assertEquals(
                claims().stream()
                        .map(claim ->
                                String.join(" | ", claim.id(), claim.kind().toString(), claim.statement()))
                        .toList(),
                rows().stream()
                        .map(row -> String.join(" | ", row.group(1), row.group(2), row.group(3)))
                        .toList());
    }

    @Test
    void shouldFindTheWordsOfAllClaimsUsed() {
        assertEquals(
                Figures.all().stream()
                        .flatMap(figure -> Prose.of(figure.id()).claims().stream())
                        .toList(),
                claims().stream().map(Claim::id).toList());
    }

    @Test
    void shouldCountTheResultsOfItsTable() throws IOException {
        final List<MatchResult> rows = rows();
        final String page = Files.readString(README);

        for (final Kind kind : Kind.values()) {
            final List<String> cells = new ArrayList<>(List.of(kind.plural(), String.valueOf(count(rows, kind, ""))));
            for (final Verdict verdict : Verdict.values()) {
                cells.add(String.valueOf(count(rows, kind, verdict.toString())));
            }
            final String line = "| " + String.join(" | ", cells) + " |\n";
            assertEquals(1, page.split(Pattern.quote(line), -1).length - 1, line);
        }
        assertEquals(
                rows.size(),
                Stream.of(Verdict.values())
                        .mapToLong(verdict -> rows.stream()
                                .filter(row -> row.group(4).equals(verdict.toString()))
                                .count())
                        .sum(),
                "each result is a verdict");
    }

    private static long count(final List<MatchResult> rows, final Kind kind, final String verdict) {
        return rows.stream()
                .filter(row -> row.group(2).equals(kind.toString()))
                .filter(row -> verdict.isEmpty() || row.group(4).equals(verdict))
                .count();
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(README)).results().toList();
    }

    /** Those of all figures, in their order, from outcomes that nothing ran for. */
    private static List<Claim> claims() {
        final List<Claim> claims = new ArrayList<>();
        claims.addAll(new Figure1()
                .claims(
                        CONTEXT,
                        List.of(bits("1", 0, 2, 2), bits("3", 0, 1, 1)),
                        List.of(inverting("0 invert", 0), inverting("2 invert", 2)),
                        3));
        final GradientSurvey survey = NoiseClaimsTest.survey(1.5, 100, 0.2, 0);
        claims.addAll(Figures2And3.claims(CONTEXT, List.of(survey, survey), List.of()));
        claims.addAll(
                Figure4.claims(List.of(new Figure4.Row(TimingFiguresTest.times(OptionalDouble.empty()), "CNN", 10))));
        claims.addAll(TimeClaimsTest.claims(accuracies("Signum", 8, 79, 79), accuracies("SGD", 8, 80, 80)));
        claims.addAll(ClaimsTest.language(1, 2, 2, 2));
        claims.addAll(ClaimsTest.compression(10, 5, 80, 80));
        claims.addAll(ClaimsTest.robustness(80, 80, 80, 80));
        claims.addAll(ClaimsTest.krum(Map.of()));
        claims.addAll(ClaimsTest.batches(2, 2));
        final Participants participants = Participants.honest(3);
        claims.addAll(new BoundClaims(
                        CONTEXT,
                        List.of(new BoundCheck(RatesFigure.smallBatch(1, 10), new double[] {1, 1})),
                        List.of(
                                check(participants, 10),
                                check(participants.with(Attack.INVERT, 1), 10),
                                check(participants.with(Attack.RESCALE, 1), 10)),
                        List.of(
                                check(participants.with(Attack.INVERT, 2), 1),
                                check(participants.with(Attack.INVERT, 2), 10)))
                .list());
        return claims;
    }

    private static BoundCheck check(final Participants participants, final int steps) {
        return new BoundCheck(RatesFigure.vote(participants, steps), new double[] {1, 1});
    }
}
