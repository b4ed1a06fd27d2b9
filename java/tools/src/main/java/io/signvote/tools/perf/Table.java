package io.signvote.tools.perf;

import java.io.PrintStream;
import java.util.Locale;

/** Prints rows in the columns of nccl-tests, followed by our own columns. */
final class Table {
    private static final String[] HALVES = {"out-of-place", "in-place"};

    private final PrintStream out;
    private final Terms terms;
    private final StringBuilder line = new StringBuilder(256);

    Table(final PrintStream out, final Terms terms) {
        this.out = out;
        this.terms = terms;
    }

    /**
     * Prints the meaning of the columns, and their names.
     *
     * @param settings of the run, one line.
     */
    void header(final String settings) {
        out.println("# signvote perf: " + settings);
        out.println("# size is bytes of the call as float32, count = size / 4, whatever is really sent;"
                + " type bits is packed to packed, float is float to float");
        out.println("# time of a round: train of back-to-back rounds from barrier to barrier / rounds, mean of ranks;"
                + " algbw = size / time, busbw = algbw 2(M-1)/M, as if float32 went over a ring");
        out.println("# cpu: of a rank's process per round, all threads, in steps of 10 ms a train"
                + (terms.hasSharedDriver() ? ", without the media driver, which the launcher runs" : ""));
        out.println("# link: payload rate out of the busiest member, "
                + terms.plan().formula() + ", B = "
                + "bytes of one contribution on the wire (count / 8 for a vote)"
                + (terms.hasLimit() ? "; limit: that in percent of the rate given" : ""));
        if (terms.hasWire()) {
            out.println("# wire: bytes sent by interface " + terms.wireName() + " over payload, barriers included");
        }
        out.println("#");
        line.append(String.format("#%52s", ""));
        for (final String half : HALVES) {
            line.append(center(half, halfWidth()));
        }
        end();
        line.append(String.format("#%11s %12s %7s %9s %6s ", "size", "count", "type", "redop", "root"));
        for (int i = 0; i < HALVES.length; i++) {
            line.append(String.format("  %10s %8s %8s %6s %9s %9s", "time", "algbw", "busbw", "#wrong", "cpu", "link"));
            line.append(terms.hasLimit() ? String.format(" %6s", "limit") : "");
            line.append(terms.hasWire() ? String.format(" %6s", "wire") : "");
        }
        end();
        line.append(String.format("#%11s %12s %7s %9s %6s ", "(B)", "(elements)", "", "", ""));
        for (int i = 0; i < HALVES.length; i++) {
            line.append(
                    String.format("  %10s %8s %8s %6s %9s %9s", "(us)", "(GB/s)", "(GB/s)", "", "(us)", "(Mbit/s)"));
            line.append(terms.hasLimit() ? String.format(" %6s", "(%)") : "");
            line.append(terms.hasWire() ? String.format(" %6s", "(1)") : "");
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
        line.append(String.format(
                Locale.ROOT,
                "%12d %12d %7s %9s %6d ",
                row.size(),
                row.count(),
                contender.type(),
                contender.redop(),
                -1));
        half(row, row.outOfPlace());
        half(row, row.inPlace());
        end();
    }

    /**
     * Prints the totals.
     *
     * @param wrong number of wrong coordinates of all rows and ranks; -1 without a check.
     * @param busBandwidth mean of all rows, GB/s.
     */
    void footer(final long wrong, final double busBandwidth) {
        out.println(
                wrong < 0
                        ? "# Out of bounds values : not checked"
                        : "# Out of bounds values : " + wrong + (wrong == 0 ? " OK" : " FAILED"));
        out.println("# Avg bus bandwidth    : " + number(busBandwidth));
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

    private void half(final Row row, final Measurement measured) {
        line.append(String.format(
                "  %10s %8s %8s %6s %9s %9s",
                number(measured.timeUs()),
                number(terms.algorithmBandwidth(row, measured)),
                number(terms.busBandwidth(row, measured)),
                measured.wrong() < 0 ? "N/A" : Long.toString(measured.wrong()),
                number(measured.cpuUs()),
                number(terms.linkRate(row, measured))));
        if (terms.hasLimit()) {
            line.append(String.format(Locale.ROOT, " %6.1f", terms.limitPercent(row, measured)));
        }
        if (terms.hasWire()) {
            line.append(String.format(Locale.ROOT, " %6.3f", terms.wireOverPayload(row, measured)));
        }
    }

    private void end() {
        out.println(line);
        out.flush();
        line.setLength(0);
    }

    private int halfWidth() {
        return 57 + (terms.hasLimit() ? 7 : 0) + (terms.hasWire() ? 7 : 0);
    }

    private static String center(final String text, final int width) {
        final int left = (width - text.length()) / 2;
        return " ".repeat(left) + text + " ".repeat(width - left - text.length());
    }
}
