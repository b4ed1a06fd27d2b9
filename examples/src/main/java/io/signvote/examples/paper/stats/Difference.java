package io.signvote.examples.paper.stats;

import java.util.Arrays;
import java.util.Locale;

/**
 * The mean of paired differences: the same seed gives both values of a pair, and so the same data in the same order.
 *
 * @param name     of both values, such as "vote less mean".
 * @param unit     of their difference, or empty.
 * @param seeds    pairs, at least 1.
 * @param infinite pairs whose difference is not a finite number.
 * @param mean     of the differences.
 * @param reach    from the mean to either end of its t-interval; not a number where there is one pair, or one that is not finite.
 */
public record Difference(String name, String unit, int seeds, int infinite, double mean, double reach) {
    private static final double CONFIDENCE = 0.95;

    /** What the interval means, for people. */
    public static final String RULE =
            "A difference is the mean over the seeds of one value less the other of the same seed, with Student's 95 % interval. The"
                    + " interval assumes that differences are normal, and is not corrected for the number of intervals. No verdict"
                    + " depends on it.";

    /**
     * Takes the mean and its interval.
     *
     * @param name        of both values.
     * @param unit        of their difference, or empty.
     * @param differences one per seed, at least one.
     * @return of these.
     */
    public static Difference of(final String name, final String unit, final double... differences) {
        final int seeds = differences.length;
        final double mean = Arrays.stream(differences).average().orElseThrow();
        final double squares = Arrays.stream(differences)
                .map(each -> (each - mean) * (each - mean))
                .sum();
        final double reach = seeds == 1
                ? Double.NaN
                : StudentT.quantile(seeds, CONFIDENCE) * Math.sqrt(squares / (seeds - 1) / seeds);
        final int infinite = (int) Arrays.stream(differences)
                .filter(each -> !Double.isFinite(each))
                .count();
        return new Difference(name, unit, seeds, infinite, mean, reach);
    }

    /** For people. */
    @Override
    public String toString() {
        if (infinite > 0) {
            return name + ": no number, " + infinite + " of " + seeds + " seeds give no finite difference";
        }
        final String told = name + ": " + number(mean) + (unit.isEmpty() ? "" : " " + unit);
        return seeds == 1
                ? told + ", one seed: no interval"
                : told + ", 95 % interval " + number(mean - reach) + " to " + number(mean + reach) + ", " + seeds
                        + " seeds";
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 1000 ? "%+.3g" : "%+,.0f", value);
    }
}
