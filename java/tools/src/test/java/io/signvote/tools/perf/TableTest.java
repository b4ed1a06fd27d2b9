package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text of the table, character by character: scripts for nccl-tests read it. */
class TableTest {
    private static final Measurement MEASURED = new Measurement(52.43, 7, Double.NaN, 1000, 2000, 0, null);
    private static final Measurement UNCHECKED = new Measurement(9_961_472, 8, Double.NaN, 1000, 2000, -1, null);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);

    @Test
    void shouldPrintTheColumnsOfNcclTests() {
        final Table table = new Table(out, new Terms(4, PlanTraffic.SHARDED, false, 0, null), false);
        table.row(row(Contender.allReduce(DataType.FLOAT32, ReduceOp.SUM), MEASURED));
        table.row(row(Contender.BITS, MEASURED));
        table.row(row(new Contender(PerfCollective.BROADCAST, DataType.BFLOAT16, null, 3), UNCHECKED));

        assertEquals(
                List.of(
                        "     1048576        262144     float     sum      -1    52.43   20.00   30.00       0"
                                + "    52.43   20.00   30.00       0      7.000    239995      7.000    239995",
                        "     1048576        262144     bits majority      -1    52.43   20.00   30.00       0"
                                + "    52.43   20.00   30.00       0      7.000      7500      7.000      7500",
                        "     1048576        262144  bfloat16    none       3  9961472  0.0001  0.0001     N/A"
                                + "  9961472  0.0001  0.0001     N/A      8.000    0.0016      8.000    0.0016"),
                text().lines().toList());
    }

    @Test
    void shouldPrintTheHeaderOfNcclTests() {
        final Table table = new Table(out, new Terms(4, PlanTraffic.SHARDED, false, 1_000_000, "eth0"), true);
        table.header(List.of("# first", "# second"), List.of(new Member(0, 4711, "alpha", "native")), "mean");

        final List<String> lines = text().lines().toList();
        assertEquals(
                List.of(
                        "# first",
                        "# second",
                        "#",
                        "# Using devices",
                        "#  Rank  0 Group  0 Pid   4711 on      alpha device  0 [cpu] native kernels",
                        "#"),
                lines.subList(0, 6));
        final String columns = "#       size         count      type   redop    root"
                + "     time   algbw   busbw  #wrong".repeat(2)
                + "        cpu      link  limit   wire      p50      p90      p99    p99.9      max".repeat(2);
        assertEquals(columns, lines.get(lines.size() - 2));
        final String units = "#        (B)    (elements)                          "
                + "     (us)  (GB/s)  (GB/s)        ".repeat(2)
                + "       (us)  (Mbit/s)    (%)    (1)     (us)     (us)     (us)     (us)     (us)".repeat(2);
        assertEquals(units, lines.get(lines.size() - 1));
    }

    @Test
    void shouldPrintTheTotalsOfNcclTests() {
        final Table table = new Table(out, new Terms(4, PlanTraffic.SHARDED, false, 0, null), false);
        table.footer(0, 1.25, "all_reduce_perf");
        table.footer(3, 1.25, "all_reduce_perf");
        table.footer(-1, 1.25, "all_reduce_perf");

        final String rest = "# Avg bus bandwidth    : 1.250\n#\n# Collective test concluded: all_reduce_perf\n";
        assertEquals(
                "# Out of bounds values : 0 OK\n" + rest + "# Out of bounds values : 3 FAILED\n" + rest
                        + "# Out of bounds values : 0 OK (not checked)\n" + rest,
                text());
    }

    private static Row row(final Contender contender, final Measurement measured) {
        return new Row(contender, 1 << 20, 1 << 18, measured, measured);
    }

    private String text() {
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
