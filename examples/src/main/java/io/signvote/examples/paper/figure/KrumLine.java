package io.signvote.examples.paper.figure;

import io.signvote.examples.adversary.Attack;
import io.signvote.examples.method.Method;
import io.signvote.examples.paper.run.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line of figure 9.
 *
 * @param method      that all ranks train with.
 * @param attack      of the adversaries; null if there are none.
 * @param adversaries ranks that attack.
 */
record KrumLine(Method method, Attack attack, int adversaries) {
    /** A line without adversaries. */
    static KrumLine clean(final Method method) {
        return new KrumLine(method, null, 0);
    }

    /** A line with ranks that send -10 g. */
    static KrumLine negative(final Method method, final int adversaries) {
        return new KrumLine(method, Attack.NEGATIVE, adversaries);
    }

    /** The outcomes of all lines of a method, in their order. */
    static List<Outcome> of(final Map<KrumLine, Outcome> all, final Method method) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().method() == method)
                .map(Map.Entry::getValue)
                .toList();
    }

    /** For charts and tables. */
    String label() {
        return method.name() + ", "
                + (attack == null ? "none" : adversaries + " " + attack.name().toLowerCase(Locale.ROOT));
    }
}
