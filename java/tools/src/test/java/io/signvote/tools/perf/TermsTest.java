package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermsTest {
    private static final long COUNT = 25_600_000;
    private static final double TIME_US = 384_000;

    @TempDir
    private Path folder;

    @Test
    void shouldReachTheLimitOfALinkAtItsRate() {
        final Terms terms = new Terms(4, PlanTraffic.SHARDED, false, 100_000_000, "eth0");
        final Measurement measured = new Measurement(TIME_US, 0, 4_848_000, 0, 0, 0, null);
        final Row row = new Row(Contender.BITS, COUNT * 4, COUNT, measured, measured);

        assertEquals(100, terms.limitPercent(row, measured), 1e-9);
        assertEquals(100, terms.linkRate(row, measured), 1e-9);
        assertEquals(1.01, terms.wireOverPayload(row, measured), 1e-9);
        assertEquals(4.0 * COUNT / TIME_US / 1e3, terms.algorithmBandwidth(row, measured), 1e-9);
        assertEquals(terms.algorithmBandwidth(row, measured) * 1.5, terms.busBandwidth(row, measured), 1e-9);
    }

    @Test
    void shouldCountAStarByItsBusiestMember() {
        assertEquals(300, PlanTraffic.STAR.busiest(100, 4));
        assertEquals(400, PlanTraffic.SERVER.busiest(100, 4));
        assertEquals(150, PlanTraffic.SHARDED.busiest(100, 4));
        assertEquals(150, PlanTraffic.STAR.payload(100, 4));
        assertEquals(100, PlanTraffic.SERVER.payload(100, 4));
        assertEquals(150, PlanTraffic.SHARDED.payload(100, 4));
        assertEquals(300, PlanTraffic.REPLICATED.busiest(100, 4));
        assertEquals(300, PlanTraffic.REPLICATED.payload(100, 4));
    }

    @Test
    void shouldCountASmallSumAsReplicated() {
        assertEquals(PlanTraffic.REPLICATED, PlanTraffic.SHARDED.taken(false, 2730, 4));
        assertEquals(PlanTraffic.SHARDED, PlanTraffic.SHARDED.taken(false, 2731, 4));
        assertEquals(PlanTraffic.SHARDED, PlanTraffic.SHARDED.taken(true, 8, 4));
        assertEquals(PlanTraffic.STAR, PlanTraffic.STAR.taken(false, 8, 4));
    }

    @Test
    void shouldSweepSizesInWholeFloats() {
        final Contender sum = Contender.allReduce(DataType.FLOAT32, ReduceOp.SUM);
        assertEquals(List.of(8192L, 16384L, 32768L), PerfCommand.sizes(8192, 32768, 2));
        assertEquals(List.of(8192L, 32768L), PerfCommand.sizes(8192, 100_000, 4));
        assertEquals(List.of(4L, 12L, 44L), wholeSizes(sum, PerfCommand.sizes(5, 50, 3)));
        assertEquals(List.of(100L), wholeSizes(sum, PerfCommand.sizes(103, 103, 1)));
        assertEquals(List.of(100L), wholeSizes(Contender.BITS, PerfCommand.sizes(103, 103, 1)));
        assertEquals(
                List.of(102L),
                wholeSizes(Contender.allReduce(DataType.FLOAT16, ReduceOp.SUM), PerfCommand.sizes(103, 103, 1)));
        assertEquals(1, PerfCommand.sizes(1L << 62, Long.MAX_VALUE, 1000).size());
    }

    private static List<Long> wholeSizes(final Contender contender, final List<Long> sizes) {
        return sizes.stream()
                .map(size -> contender.size(contender.count(size, 3), 3))
                .toList();
    }

    @Test
    void shouldReportTheTimesOfTheRanksAsNcclTestsDoes() {
        final double[] times = {4, 1, 7};

        assertEquals(
                List.of(4.0, 4.0, 1.0, 7.0),
                Arrays.stream(Average.values()).map(each -> each.of(times)).toList());
    }

    @Test
    void shouldCountTheBytesOfOtherCollectivesAsTheyWereSent() {
        final Terms terms = new Terms(4, PlanTraffic.SHARDED, false, 100_000_000, "eth0");
        final Measurement measured = new Measurement(TIME_US, 0, 4_848_000, 4_800_000, 9_600_000, 0, null);
        final Row row = new Row(
                new Contender(PerfCollective.BROADCAST, DataType.FLOAT32, null, 0),
                COUNT * 4,
                COUNT,
                measured,
                measured);

        assertEquals(200, terms.linkRate(row, measured), 1e-9);
        assertEquals(1.01, terms.wireOverPayload(row, measured), 1e-9);
        assertEquals(terms.algorithmBandwidth(row, measured), terms.busBandwidth(row, measured), 1e-9);
    }

    @Test
    void shouldWriteNumbersThatLineUp() {
        assertEquals("0.0042", Table.number(0.00423));
        assertEquals("1.235", Table.number(1.23456));
        assertEquals("12.35", Table.number(12.3456));
        assertEquals("123.5", Table.number(123.456));
        assertEquals("123456", Table.number(123456.4));
    }

    @Test
    void shouldReadWhatAnInterfaceHasSent() throws IOException {
        final Path dev = folder.resolve("dev");
        Files.writeString(dev, """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls
                    lo: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0
                  eth0:5000000000 6 0 0 0 0 0 0 7000000000 8 0 0 0 0 0 0
                """);

        assertEquals(7_000_000_000L, new InterfaceCounters(dev, "eth0").sentBytes());
        assertEquals(3, new InterfaceCounters(dev, "lo").sentBytes());
        final ConfigurationException e =
                assertThrows(ConfigurationException.class, () -> new InterfaceCounters(dev, "eth1").sentBytes());
        assertTrue(e.getMessage().contains("[lo, eth0]"), e.getMessage());
    }

    @Test
    void shouldWriteRowsForScripts() throws IOException {
        final Terms terms = new Terms(2, PlanTraffic.STAR, false, 0, null);
        final Measurement measured = new Measurement(10, 5, Double.NaN, 77, 78, 0, null);
        final Contender sum = Contender.allReduce(DataType.FLOAT32, ReduceOp.SUM);
        final Path file = folder.resolve("rows.json");

        new JsonReport(terms, List.of(new Member(0, 17, "here", "scalar")), 20)
                .write(file, List.of(new Row(sum, 4096, 1024, measured, measured)));

        final String json = Files.readString(file);
        assertTrue(
                json.contains("\"worldSize\": 2, \"plan\": \"star\", \"rounds\": 20, \"limitBitsPerSecond\": null"),
                json);
        assertTrue(json.contains("\"redop\": \"sum\", \"root\": -1, \"inPlace\": true, \"timeUs\": 10.00"), json);
        assertEquals(2, json.split("\"size\": 4096").length - 1);
        assertEquals(
                json.chars().filter(c -> c == '{').count(),
                json.chars().filter(c -> c == '}').count());
    }
}
