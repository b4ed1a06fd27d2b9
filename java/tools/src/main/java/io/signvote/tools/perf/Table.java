package io.signvote.tools.perf;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Prints rows in the columns of nccl-tests, at the positions of nccl-tests. Our own columns follow to the right, first those of
 * the train out of place, then those of the train in place.
 */
final class Table {
    private static final String[] HALVES = {"out-of-place", "in-place"};
    private static final String NAMES = "#%11s  %12s  %8s  %6s  %6s";
    private static final String MEASURED = "  %7s  %6s  %6s  %6s";

    private final PrintStream out;
    private final Terms terms;
    private final boolean hasPercentiles;
    private final StringBuilder line = new StringBuilder(256);

    Table(final PrintStream out, final Terms terms, final boolean hasPercentiles) {
        this.out = out;
        this.terms = terms;
        this.hasPercentiles = hasPercentiles;
    }

    /**
     * Prints the ranks, the meaning of the columns, and their names.
     *
     * @param settings of the run, lines without their ends.
     * @param members ranks of the job, in order.
     * @param time words about the time of a round.
     */
    void header(final List<String> settings, final List<Member> members, final String time) {
        settings.forEach(out::println);
        out.println("#");
        out.println("# Using devices");
        members.forEach(member -> out.println(member.line()));
        out.println("#");
        out.println("# size: bytes of the larger side of a call, count: elements of a block, as in nccl-tests;"
                + " type bits: a packed sign counts as the float32 for which it stands");
        out.println("# time of a round: " + time
                + "; algbw = size / time, busbw = algbw times the factor of nccl-tests, for allreduce 2(M-1)/M");
        out.println("# cpu: of a rank's process per round, all threads, in steps of 10 ms a train"
                + (terms.hasSharedDriver() ? ", without the media driver, which the launcher runs" : ""));
        out.println("# link: rate out of the busiest member, the payload of an allreduce: "
                + terms.plan().formula() + ", B = "
                + "bytes of one contribution on the wire (count / 8 for a vote); else bytes sent"
                + (terms.hasLimit() ? "; limit: that in percent of the rate given" : ""));
        if (terms.hasWire()) {
            out.println(
                    "# wire: bytes sent by interface " + terms.wireName() + " over those of link, barriers included");
        }
        if (hasPercentiles) {
            out.println("# p50 to max: times of the single calls of all ranks, by HdrHistogram");
        }
        out.println("#");
        line.append(String.format(NAMES, "", "", "", "", ""));
        for (final String half : HALVES) {
            line.append(center(half, String.format(MEASURED, "", "", "", "").length()));
        }
        for (final String half : HALVES) {
            line.append(center(half, ownWidth()));
        }
        end();
        line.append(String.format(NAMES, "size", "count", "type", "redop", "root"));
        for (int i = 0; i < HALVES.length; i++) {
            line.append(String.format(MEASURED, "time", "algbw", "busbw", "#wrong"));
        }
        for (int i = 0; i < HALVES.length; i++) {
            own("cpu", "link", "limit", "wire");
            for (final double percentile : CallTimes.PERCENTILES) {
                percentile(CallTimes.name(percentile));
            }
        }
        end();
        line.append(String.format(NAMES, "(B)", "(elements)", "", "", ""));
        for (int i = 0; i < HALVES.length; i++) {
            line.append(String.format(MEASURED, "(us)", "(GB/s)", "(GB/s)", ""));
        }
        for (int i = 0; i < HALVES.length; i++) {
            own("(us)", "(Mbit/s)", "(%)", "(1)");
            for (int j = 0; j < CallTimes.PERCENTILES.length; j++) {
                percentile("(us)");
            }
        }
        end();
    }

    /**
     * Prints one row.
     *
     * @param row to print.
     */
    void row(final Row row) {
        final Contender contender = row.contender();
        final String redop = contender.redop();
        // a long name takes its room from the name before it, so that the columns behind both stay in place
        final int redopWidth = Math.max(6 + 2, redop.length() + 1);
        line.append(String.format(Locale.ROOT, "%12d  %12d", row.size(), row.count()))
                .append(right(contender.typeName(), 8 + 2 + 6 + 2 - redopWidth))
                .append(right(redop, redopWidth))
                .append(String.format(Locale.ROOT, "  %6d", contender.root()));
        measured(row, row.outOfPlace());
        measured(row, row.inPlace());
        own(row, row.outOfPlace());
        own(row, row.inPlace());
        end();
    }

    /**
     * Prints the totals.
     *
     * @param wrong number of wrong elements of all rows and ranks; -1 without a check.
     * @param busBandwidth mean of all rows, GB/s.
     * @param program of nccl-tests that measures the same.
     */
    void footer(final long wrong, final double busBandwidth, final String program) {
        out.println(
                wrong < 0
                        ? "# Out of bounds values : 0 OK (not checked)"
                        : "# Out of bounds values : " + wrong + (wrong == 0 ? " OK" : " FAILED"));
        out.println("# Avg bus bandwidth    : " + number(busBandwidth));
        out.println("#");
        out.println("# Collective test concluded: " + program);
        out.flush();
    }

    /**
     * Writes a number with four significant digits, and never as a power of ten.
     *
     * @param value at least 0.
     * @return text of a column.
     */
    static String number(final double value) {
        final int decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : value >= 1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private void measured(final Row row, final Measurement measured) {
        line.append(String.format(
                MEASURED,
                number(measured.timeUs()),
                number(terms.algorithmBandwidth(row, measured)),
                number(terms.busBandwidth(row, measured)),
                measured.wrong() < 0 ? "N/A" : Long.toString(measured.wrong())));
    }

    private void own(final Row row, final Measurement measured) {
        own(
                number(measured.cpuUs()),
                number(terms.linkRate(row, measured)),
                terms.hasLimit() ? String.format(Locale.ROOT, "%.1f", terms.limitPercent(row, measured)) : "",
                terms.hasWire() ? String.format(Locale.ROOT, "%.3f", terms.wireOverPayload(row, measured)) : "");
        for (final double percentile : CallTimes.PERCENTILES) {
            percentile(hasPercentiles ? number(measured.calls().us(percentile)) : "");
        }
    }

    private void own(final String cpu, final String link, final String limit, final String wire) {
        line.append(String.format("  %9s %9s", cpu, link));
        line.append(terms.hasLimit() ? String.format(" %6s", limit) : "");
        line.append(terms.hasWire() ? String.format(" %6s", wire) : "");
    }

    private void percentile(final String text) {
        line.append(hasPercentiles ? String.format(" %8s", text) : "");
    }

    private void end() {
        out.println(line.toString().stripTrailing());
        out.flush();
        line.setLength(0);
    }

    private int ownWidth() {
        return 21
                + (terms.hasLimit() ? 7 : 0)
                + (terms.hasWire() ? 7 : 0)
                + (hasPercentiles ? 9 * CallTimes.PERCENTILES.length : 0);
    }

    private static String right(final String text, final int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }

    private static String center(final String text, final int width) {
        final int left = (width - text.length()) / 2;
        return " ".repeat(left) + text + " ".repeat(width - left - text.length());
    }
}
