package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.sheet.Claim.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Collects the checks of a claim: each condition on each seed, or once. What is not a number holds no comparison. */
final class Checks {
    private final Bench bench;
    private final List<Check> checks = new ArrayList<>();

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

    List<Check> list() {
        return checks;
    }
}
