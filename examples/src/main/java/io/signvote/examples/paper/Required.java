package io.signvote.examples.paper;

import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.FigureReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What must come out of figures, for {@code --require}.
 *
 * @param claim of which all checks must hold, or {@value #SETTINGS}.
 * @param check the beginning of the names of those checks; empty for all of them.
 */
record Required(String claim, String check) {
    /** Every figure that trains or times a model states the paper's settings. */
    static final String SETTINGS = "settings";

    private static final Set<String> TOYS = Set.of("figure-1", "rates");

    /** Parses {@code CLAIM}, {@code CLAIM:CHECK} or {@code settings}. */
    static Required of(final String text) {
        final int colon = text.indexOf(':');
        return colon < 0 ? new Required(text, "") : new Required(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * Looks for what is missed.
     *
     * @param reports of all figures that were drawn.
     * @return a line for each miss.
     */
    List<String> misses(final List<FigureReport> reports) {
        return claim.equals(SETTINGS) ? missingSettings(reports) : failingChecks(reports);
    }

    private List<String> failingChecks(final List<FigureReport> reports) {
        final List<Check> checks = reports.stream()
                .flatMap(report -> report.claims().stream())
                .filter(each -> each.id().equals(claim))
                .flatMap(each -> each.checks().stream())
                .filter(each -> each.name().startsWith(check))
                .toList();
        if (checks.isEmpty()) {
            return List.of("no check is called " + this);
        }
        return checks.stream()
                .filter(each -> !each.holds())
                .map(each -> claim + " does not hold: " + each.name())
                .toList();
    }

    private static List<String> missingSettings(final List<FigureReport> reports) {
        final List<String> misses = new ArrayList<>();
        for (final FigureReport report : reports) {
            if (!TOYS.contains(report.id())
                    && report.settings().rows().stream()
                            .noneMatch(row -> row.get(0).startsWith("the paper's"))) {
                misses.add(report.id() + " does not state the paper's settings");
            }
        }
        return misses;
    }

    /** As {@link #of} parses it. */
    @Override
    public String toString() {
        return check.isEmpty() ? claim : claim + ":" + check;
    }
}
