package io.signvote.examples.paper.report;

import io.signvote.examples.paper.report.Claim.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The number of claims of each kind with each verdict. */
public final class Summary {
    private Summary() {}

    /**
     * Counts.
     *
     * @param claims of all figures.
     * @return a row for each kind of the claims, in the order of {@link Kind}.
     */
    public static Table of(final List<Claim> claims) {
        final List<List<String>> rows = Arrays.stream(Kind.values())
                .filter(kind -> claims.stream().anyMatch(claim -> claim.kind() == kind))
                .map(kind -> row(kind, claims))
                .toList();
        final List<String> columns = new ArrayList<>(List.of("kind", "in all"));
        columns.addAll(Arrays.stream(Verdict.values()).map(Verdict::toString).toList());
        return new Table("claims by kind", columns, rows);
    }

    private static List<String> row(final Kind kind, final List<Claim> claims) {
        final List<Verdict> verdicts = claims.stream()
                .filter(claim -> claim.kind() == kind)
                .map(Claim::verdict)
                .toList();
        final List<String> counts = Arrays.stream(Verdict.values())
                .map(verdict ->
                        verdicts.stream().filter(each -> each == verdict).count())
                .map(String::valueOf)
                .toList();
        return Stream.concat(Stream.of(kind.plural(), String.valueOf(verdicts.size())), counts.stream())
                .toList();
    }
}
