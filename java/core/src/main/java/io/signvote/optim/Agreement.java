package io.signvote.optim;

import io.signvote.bits.Lot;
import io.signvote.error.ProtocolException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The result of comparing the standings of all ranks. Every rank computes it from the same standings, so every rank gets the same
 * agreement or the same error.
 *
 * @param number of the agreement; no other agreement has it.
 * @param completed step that every rank completes before it goes on.
 * @param holder lowest rank that keeps the verdict of that step, or {@link #NOBODY} if no rank lacks it.
 * @param ofLast agreement under which that step was completed.
 * @param ofEarlier agreement under which the step before was completed.
 */
record Agreement(long number, long completed, int holder, long ofLast, long ofEarlier) {
    static final int NOBODY = -1;

    static final String RESTORE = "restore parameters and optimiser of the same step on every rank";

    private static final String SAME_RATES = "set the same rates and " + RESTORE;
    private static final String REBUILD = "make the optimiser of every rank for the same parameters";
    private static final Predicate<Standing> ALL = standing -> true;

    /**
     * Compares the ranks.
     *
     * @param standings in rank order.
     * @throws ProtocolException if the ranks cannot go on together. It names all of them.
     */
    static Agreement of(final List<Standing> standings) {
        ensureAlike(standings, "the counts differ", ALL, s -> "have count=" + s.count(), REBUILD);
        ensureAlike(standings, "the layouts differ", ALL, s -> "have layout=" + s.layout(), REBUILD);
        final long last =
                standings.stream().mapToLong(Standing::completed).max().orElseThrow();
        final Predicate<Standing> isThere = s -> s.completed() == last;
        final Predicate<Standing> isBehind = s -> s.completed() == last - 1 && s.isPending();
        ensureNone(standings, "a rank has lost a step", Standing::isLost);
        ensureNone(
                standings, "the ranks are too far apart", isThere.or(isBehind).negate());
        ensureOneHistory(standings, last, s -> s.completed() == last ? s.ofLast() : Progress.UNKNOWN);
        ensureOneHistory(standings, last - 1, s -> s.completed() == last ? s.ofEarlier() : s.ofLast());
        ensureSameRates(standings, isThere.and(Standing::isPending), s -> began(last + 1, s.rates()));
        return new Agreement(
                number(standings),
                last,
                standings.stream().anyMatch(isBehind) ? holder(standings, last) : NOBODY,
                known(standings, s -> s.completed() == last ? s.ofLast() : Progress.UNKNOWN),
                known(standings, s -> s.completed() == last ? s.ofEarlier() : s.ofLast()));
    }

    /** Agreement under which the others completed the last step of a rank. */
    long ofLast(final long completedByRank) {
        return completedByRank == completed ? ofLast : ofEarlier;
    }

    private static int holder(final List<Standing> standings, final long last) {
        final Predicate<Standing> isHolder = s -> s.completed() == last && s.verdictStep() == last;
        final List<Integer> holders = ranks(standings, isHolder);
        if (holders.isEmpty()) {
            ensureNone(standings, "no rank keeps the verdict of step=" + last, s -> s.completed() < last);
        }
        ensureSameRates(
                standings,
                isHolder.or(s -> s.completed() < last),
                s -> began(last, s.completed() == last ? s.lastRates() : s.rates()));
        return holders.get(0);
    }

    /** Ranks that completed one step under two agreements may have applied two verdicts. */
    private static void ensureOneHistory(
            final List<Standing> standings, final long step, final ToLongFunction<Standing> agreement) {
        ensureAlike(
                standings,
                "the ranks completed step=" + step + " in different groups, so their parameters may differ",
                s -> agreement.applyAsLong(s) != Progress.UNKNOWN,
                s -> "were in group " + Long.toHexString(agreement.applyAsLong(s)),
                RESTORE);
    }

    private static void ensureSameRates(
            final List<Standing> standings, final Predicate<Standing> isAsked, final Function<Standing, String> fact) {
        ensureAlike(standings, "the rates differ", isAsked, fact, SAME_RATES);
    }

    private static long known(final List<Standing> standings, final ToLongFunction<Standing> agreement) {
        return standings.stream()
                .mapToLong(agreement)
                .filter(number -> number != Progress.UNKNOWN)
                .findFirst()
                .orElse(Progress.UNKNOWN);
    }

    private static String began(final long step, final Rates rates) {
        return "began step=" + step + " with " + rates;
    }

    private static long number(final List<Standing> standings) {
        long number = 0;
        for (final Standing standing : standings) {
            number = Lot.key(number, standing.random(), 0, 0);
        }
        return number == Progress.UNKNOWN || number == Progress.FIRST ? ~number : number;
    }

    private static void ensureAlike(
            final List<Standing> standings,
            final String reason,
            final Predicate<Standing> isAsked,
            final Function<Standing, String> fact,
            final String remedy) {
        if (standings.stream().filter(isAsked).map(fact).distinct().count() > 1) {
            throw refused(reason, standings, isAsked, fact, remedy, isAsked);
        }
    }

    private static void ensureNone(
            final List<Standing> standings, final String reason, final Predicate<Standing> isToBlame) {
        if (standings.stream().anyMatch(isToBlame)) {
            throw refused(reason, standings, ALL, Standing::steps, RESTORE, isToBlame);
        }
    }

    private static ProtocolException refused(
            final String reason,
            final List<Standing> standings,
            final Predicate<Standing> isAsked,
            final Function<Standing, String> fact,
            final String remedy,
            final Predicate<Standing> isToBlame) {
        final Map<String, List<Integer>> named = ranks(standings, isAsked).stream()
                .collect(Collectors.groupingBy(
                        rank -> fact.apply(standings.get(rank)), LinkedHashMap::new, Collectors.toList()));
        return new ProtocolException(
                "retry: " + reason + ": "
                        + named.entrySet().stream()
                                .map(entry -> "ranks " + entry.getValue() + " " + entry.getKey())
                                .collect(Collectors.joining(", "))
                        + "; " + remedy,
                ranks(standings, isToBlame));
    }

    private static List<Integer> ranks(final List<Standing> standings, final Predicate<Standing> isAsked) {
        return IntStream.range(0, standings.size())
                .filter(rank -> isAsked.test(standings.get(rank)))
                .boxed()
                .toList();
    }
}
