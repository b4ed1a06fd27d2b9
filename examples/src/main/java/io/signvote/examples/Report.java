package io.signvote.examples;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table at the end. */
final class Report {
    private static final String ROW = "%-16s %10s %10s %10s %16s%n";

    private Report() {}

    /**
     * Compares the two runs.
     *
     * @param voted    by one bit.
     * @param averaged by 32 bits.
     * @return a few lines.
     */
    static String of(final Curve voted, final Curve averaged) {
        return String.format(ROW, "method", "accuracy", "time", "in steps", "sent per rank")
                + row(voted)
                + row(averaged)
                + String.format(
                        Locale.ROOT,
                        "%s sends %.1f times fewer bytes; its accuracy is %s%n",
                        voted.name(),
                        averaged.meanSentBytes() / voted.meanSentBytes(),
                        difference(voted.finalAccuracy() - averaged.finalAccuracy()))
                + "sent, by rank, in bytes, framing included:\n"
                + byRank(voted)
                + byRank(averaged)
                + "in steps: sending, waiting for the slowest rank, and stepping the parameters; tests are not timed\n";
    }

    private static String row(final Curve curve) {
        return String.format(
                ROW,
                curve.name(),
                String.format(Locale.ROOT, "%.2f %%", 100 * curve.finalAccuracy()),
                String.format(Locale.ROOT, "%.1f s", curve.totalSeconds()),
                String.format(Locale.ROOT, "%.1f s", curve.stepSeconds()),
                String.format(Locale.ROOT, "%.2f MB", curve.meanSentBytes() / 1e6));
    }

    private static String difference(final double accuracy) {
        return String.format(
                Locale.ROOT, "%.2f points %s", Math.abs(100 * accuracy), accuracy < 0 ? "lower" : "higher");
    }

    private static String byRank(final Curve curve) {
        return Arrays.stream(curve.sentBytes())
                .mapToObj(bytes -> String.format(Locale.ROOT, "%,15.0f", bytes))
                .collect(Collectors.joining("", String.format("  %-16s", curve.name()), "\n"));
    }
}
