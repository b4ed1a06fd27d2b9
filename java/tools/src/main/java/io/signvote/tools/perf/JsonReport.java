package io.signvote.tools.perf;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Writes rows for scripts: one object, with an object per row and half. */
final class JsonReport {
    private final Terms terms;
    private final List<Member> members;
    private final int rounds;

    JsonReport(final Terms terms, final List<Member> members, final int rounds) {
        this.terms = terms;
        this.members = members;
        this.rounds = rounds;
    }

    /**
     * Writes a whole report.
     *
     * @param file to write; an existing file is replaced.
     * @param rows in the order of measurement.
     * @throws ConfigurationException if the file cannot be written.
     */
    void write(final Path file, final List<Row> rows) {
        final StringJoiner text = new StringJoiner(",\n    ", prefix(), "\n  ]\n}\n");
        for (final Row row : rows) {
            text.add(half(row, row.outOfPlace(), false));
            text.add(half(row, row.inPlace(), true));
        }
        try {
            Files.writeString(file, text.toString());
        } catch (final IOException e) {
            throw new ConfigurationException("--json " + file + " cannot be written: " + e, e);
        }
    }

    /**
     * Refuses a file that cannot be written, before hours of measurement.
     *
     * @param file of the report.
     */
    static void ensureWritable(final Path file) {
        final Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
            throw new ConfigurationException("--json " + file + " cannot be written: "
                    + (Files.isDirectory(file) ? "it is a directory" : folder + " is no directory"));
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new ConfigurationException("--json " + file + " cannot be written: permission denied");
        }
    }

    private String prefix() {
        return String.format(
                Locale.ROOT,
                "{%n  \"worldSize\": %d, \"plan\": \"%s\", \"rounds\": %d, \"limitBitsPerSecond\": %s,%n"
                        + "  \"ranks\": [%n    %s%n  ],%n  \"rows\": [%n    ",
                terms.worldSize(),
                terms.plan().spelling(),
                rounds,
                terms.hasLimit() ? Long.toString(terms.limit()) : "null",
                String.join(",\n    ", members.stream().map(JsonReport::member).toList()));
    }

    private static String member(final Member member) {
        return String.format(
                Locale.ROOT,
                "{\"rank\": %d, \"pid\": %d, \"host\": \"%s\", \"kernels\": \"%s\"}",
                member.rank(),
                member.pid(),
                member.host(),
                member.kernels());
    }

    private String half(final Row row, final Measurement measured, final boolean isInPlace) {
        final Contender contender = row.contender();
        return String.format(
                Locale.ROOT,
                "{\"collective\": \"%s\", \"size\": %d, \"count\": %d, \"type\": \"%s\", \"redop\": \"%s\", \"root\": %d,"
                        + " \"inPlace\": %b, \"timeUs\": %s, \"algbwGBs\": %s, \"busbwGBs\": %s, \"wrong\": %s, \"cpuUs\": %s,"
                        + " \"linkMbits\": %s, \"limitPercent\": %s, \"wireOverPayload\": %s, \"sentBytes\": %s, \"calls\": %s}",
                contender.collective().spelling(),
                row.size(),
                row.count(),
                contender.typeName(),
                contender.redop(),
                contender.root(),
                isInPlace,
                Table.number(measured.timeUs()),
                Table.number(terms.algorithmBandwidth(row, measured)),
                Table.number(terms.busBandwidth(row, measured)),
                measured.wrong() < 0 ? "null" : Long.toString(measured.wrong()),
                Table.number(measured.cpuUs()),
                Table.number(terms.linkRate(row, measured)),
                terms.hasLimit() ? Table.number(terms.limitPercent(row, measured)) : "null",
                terms.hasWire() ? finite(terms.wireOverPayload(row, measured)) : "null",
                Table.number(measured.linkBytes()),
                measured.calls() == null ? "null" : calls(measured.calls()));
    }

    private static String calls(final CallTimes calls) {
        final StringJoiner text = new StringJoiner(", ", "{\"count\": " + calls.count() + ", ", "}");
        for (final double percentile : CallTimes.PERCENTILES) {
            text.add("\"" + CallTimes.name(percentile) + "Us\": " + Table.number(calls.us(percentile)));
        }
        return text.toString();
    }

    /** Formats a ratio. A single rank has no payload, and JSON has no infinity. */
    private static String finite(final double value) {
        return Double.isFinite(value) ? Table.number(value) : "null";
    }
}
