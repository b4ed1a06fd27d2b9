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
 * One K of a theorem, and what its runs came to.
 *
 * @param of   what was asked.
 * @param left the left side, one per seed.
 */
record BoundCheck(Case of, double[] left) {
    /**
     * What a theorem asks for at one K.
     *
     * @param theorem 1 or 2.
     * @param sigma   deviation of one sample's noise, in each component.
     * @param contender     its settings.
     * @param bound   the right side; not a number where nothing is promised.
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

        /** Which line of its theorem it belongs to. */
        String line() {
            return theorem == 1
                    ? "sigma " + sigma
                    : participants().liars() + " " + deed(participants().attack());
        }
    }

    private static String deed(final Attack attack) {
        return attack == null ? "invert" : attack.name().toLowerCase(Locale.ROOT);
    }

    static BoundCheck of(final Case asked, final Map<String, Outcome> outcomes) {
        return new BoundCheck(asked, outcomes.get(asked.contender().label()).values());
    }

    /** In the order they have. */
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

    /** The greatest of the seeds' ratios. */
    double worst() {
        return Arrays.stream(left).max().orElseThrow() / of.bound();
    }
}
