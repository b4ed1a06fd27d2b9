package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.stats.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Collects the checks of a claim, and the differences between the contenders that it compares. A check asks one condition on one seed, or
 * once. A comparison with something that is not a number does not hold.
 */
final class ClaimChecks {
    /** Of accuracies. */
    static final String POINTS = "points";

    private final FigureContext context;
    private final List<Check> checks = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    ClaimChecks(final FigureContext context) {
        this.context = context;
    }

    /**
     * Adds one check per seed.
     *
     * @param condition named where it fails.
     * @param test      of a seed's index.
     */
    ClaimChecks add(final String condition, final IntPredicate test) {
        for (int i = 0; i < context.seeds(); i++) {
            checks.add(new Check(condition + ", seed " + (context.seed() + i), test.test(i)));
        }
        return this;
    }

    /**
     * Adds one check for all seeds: of what is the same for each of them, or nearly so.
     *
     * @param condition named where it fails.
     * @param holds     whether it does.
     */
    ClaimChecks once(final String condition, final boolean holds) {
        checks.add(new Check(condition, holds));
        return this;
    }

    /**
     * Adds by how much two contenders differ.
     *
     * @param name       of both, such as "vote less mean".
     * @param unit       of the difference, or empty.
     * @param difference of a seed's index.
     */
    ClaimChecks differ(final String name, final String unit, final IntToDoubleFunction difference) {
        differences.add(Difference.of(
                name,
                unit,
                IntStream.range(0, context.seeds()).mapToDouble(difference).toArray()));
        return this;
    }

    /** The claim with all that was added. */
    Claim claim(final ClaimText text, final String measured) {
        return text.tested(checks, differences, measured);
    }
}
