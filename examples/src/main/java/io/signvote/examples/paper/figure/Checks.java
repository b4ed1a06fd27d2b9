package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.sheet.Claim;
import io.signvote.examples.paper.sheet.Claim.Check;
import io.signvote.examples.paper.sheet.Claim.Kind;
import io.signvote.examples.paper.stats.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Collects the checks of a claim: each condition on each seed, or once; and by how much the contenders differ that it compares. What is not
 * a number holds no comparison.
 */
final class Checks {
    /** Of accuracies. */
    static final String POINTS = "points";

    private final Bench bench;
    private final List<Check> checks = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    Checks(final Bench bench) {
        this.bench = bench;
    }

    /**
     * Adds one check per seed.
     *
     * @param condition named where it fails.
     * @param test      of a seed's index.
     */
    Checks add(final String condition, final IntPredicate test) {
        for (int i = 0; i < bench.seeds(); i++) {
            checks.add(new Check(condition + ", seed " + (bench.seed() + i), test.test(i)));
        }
        return this;
    }

    /**
     * Adds one check for all seeds: of what is the same for each of them, or nearly so.
     *
     * @param condition named where it fails.
     * @param holds     whether it does.
     */
    Checks once(final String condition, final boolean holds) {
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
    Checks differ(final String name, final String unit, final IntToDoubleFunction difference) {
        differences.add(Difference.of(
                name,
                unit,
                IntStream.range(0, bench.seeds()).mapToDouble(difference).toArray()));
        return this;
    }

    /** The claim with all that was added. */
    Claim claim(final String id, final Kind kind, final String statement, final String rule, final String measured) {
        return new Claim(id, kind, statement, rule, checks, differences, measured, null);
    }
}
