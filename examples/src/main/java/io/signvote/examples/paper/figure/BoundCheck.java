package io.signvote.examples.paper.figure;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The left side of a theorem at one K, as its runs gave it.
 *
 * @param of   theorem, runs and bound.
 * @param left the left side, one value per seed.
 */
record BoundCheck(Case of, double[] left) {
    /**
     * The runs and the bound of a theorem at one K.
     *
     * @param theorem 1 or 2.
     * @param sigma   deviation of one sample's noise, in each component.
     * @param contender     of the runs.
     * @param bound   the right side; not a number if the theorem promises nothing.
     */
    record Case(int theorem, double sigma, Contender contender, double bound) {
        Participants participants() {
            return contender.base().participants();
        }

        int steps() {
            return contender.base().steps();
        }

        double alpha() {
            return (double) participants().liars() / participants().ranks();
        }

        /** The line of the theorem that it belongs to. */
        String line() {
            return theorem == 1
                    ? "sigma " + sigma
                    : participants().liars() + " " + verb(participants().attack());
        }
    }

    private static String verb(final Attack attack) {
        return attack == null ? "invert" : attack.name().toLowerCase(Locale.ROOT);
    }

    static BoundCheck of(final Case asked, final Map<Contender, Outcome> outcomes) {
        return new BoundCheck(asked, outcomes.get(asked.contender()).values());
    }

    /** Those of some cases, in their order. */
    static List<BoundCheck> some(final List<BoundCheck> checks, final Predicate<Case> which) {
        return checks.stream().filter(check -> which.test(check.of())).toList();
    }

    double mean() {
        return Arrays.stream(left).average().orElseThrow();
    }

    /** Left side over right side. */
    double ratio(final int seed) {
        return left[seed] / of.bound();
    }

    /** The greatest ratio of the seeds. */
    double worst() {
        return Arrays.stream(left).max().orElseThrow() / of.bound();
    }
}
