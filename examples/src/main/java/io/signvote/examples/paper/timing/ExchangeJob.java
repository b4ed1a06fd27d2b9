package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.run.Job;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.GradientExchange.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Times the vote and the averaging of some numbers of parameters, between hosts of a testbed, a process each. To be run with nothing
 * beside it.
 */
public final class ExchangeJob implements Job<Map<String, Phases>> {
    private static final String RANK_HEAP = "-Xmx256m";
    /** With both compilers, as many JVMs on so few processors would spend a measurement compiling; this costs a tenth at most. */
    private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    private final Testbed testbed;
    private final Machine machine;
    private final int hosts;
    private final ShapedLink link;
    private final List<RoundTrain> trains;

    /**
     * A job.
     *
     * @param testbed that has the hosts.
     * @param machine that carries it.
     * @param hosts   one rank each.
     * @param link    between them.
     * @param counts  of parameters.
     * @param trainMs of each train of rounds, at least.
     */
    public ExchangeJob(
            final Testbed testbed,
            final Machine machine,
            final int hosts,
            final ShapedLink link,
            final Collection<Integer> counts,
            final double trainMs) {
        this.testbed = testbed;
        this.machine = machine;
        this.hosts = hosts;
        this.link = link;
        this.trains = counts.stream()
                .distinct()
                .flatMap(count -> Stream.of(Kind.MEAN, Kind.VOTE)
                        .map(kind -> RoundTrain.lasting(kind, count, link, hosts, trainMs)))
                .toList();
    }

    /** {@return where a vote's phases are in the result} */
    public static String vote(final int count) {
        return Kind.VOTE + ":" + count;
    }

    /** {@return where an average's phases are in the result} */
    public static String mean(final int count) {
        return Kind.MEAN + ":" + count;
    }

    @Override
    public String key() {
        return "exchange; hosts=" + hosts + "; rate=" + link.rate() + "; trains="
                + trains.stream().map(RoundTrain::toString).collect(Collectors.joining(" ")) + "; " + testbed.settings()
                + "; " + machine.settings();
    }

    /** Trains, of all ranks. */
    @Override
    public long work() {
        return (long) trains.size() * RoundTrain.TRAINS * hosts;
    }

    @Override
    public Map<String, Phases> run(final LongConsumer progress) throws InterruptedException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + testbed.jvmOptions(),
                RANK_HEAP,
                ONE_COMPILER,
                "-XX:+UseSerialGC",
                "-Dagrona.disable.bounds.checks=true",
                "-cp",
                System.getProperty("java.class.path"),
                RankTiming.class.getName()));
        trains.forEach(train -> command.add(train.toString()));
        final List<String> lines = new ArrayList<>();
        try {
            testbed.run(hosts, link, command, line -> {
                if (line.startsWith(RankTiming.HEAD)) {
                    lines.add(line.substring(RankTiming.HEAD.length()));
                    progress.accept(1);
                }
            });
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return phases(lines);
    }

    /** Of each exchange, the train of median time, over all ranks. */
    Map<String, Phases> phases(final List<String> lines) {
        final Map<String, Phases> phases = new LinkedHashMap<>();
        for (final RoundTrain train : trains) {
            final List<String[]> cells = lines.stream()
                    .filter(line -> line.startsWith(train + ","))
                    .map(line -> line.split(",", -1))
                    .toList();
            if (cells.size() != RoundTrain.TRAINS * hosts) {
                throw new IllegalStateException(cells.size() + " trains of " + train + " were reported, expected "
                        + RoundTrain.TRAINS + " by each of " + hosts + " ranks");
            }
            final Map<String, List<Phases>> byChecksum = cells.stream()
                    .collect(Collectors.groupingBy(
                            row -> row[1],
                            LinkedHashMap::new,
                            Collectors.mapping(row -> Phases.parse(row, 2), Collectors.toList())));
            if (byChecksum.size() != RoundTrain.TRAINS
                    || byChecksum.values().stream().anyMatch(of -> of.size() != hosts)) {
                throw new IllegalStateException(
                        "ranks do not agree on the parameters after " + train + ": checksums " + byChecksum.keySet());
            }
            phases.put(train.kind() + ":" + train.count(), median(byChecksum.values()));
        }
        return phases;
    }

    private static Phases median(final Collection<List<Phases>> trains) {
        return trains.stream()
                .map(ExchangeJob::overRanks)
                .sorted(Comparator.comparingDouble(Phases::total))
                .toList()
                .get(trains.size() / 2);
    }

    private static Phases overRanks(final List<Phases> ranks) {
        return new Phases(
                ranks.stream().mapToDouble(Phases::total).max().orElseThrow(),
                mean(ranks, Phases::pack),
                mean(ranks, Phases::tally),
                mean(ranks, Phases::unpack),
                mean(ranks, Phases::bytes));
    }

    private static double mean(final List<Phases> ranks, final ToDoubleFunction<Phases> part) {
        return ranks.stream().mapToDouble(part).average().orElseThrow();
    }

    @Override
    public List<String> write(final Map<String, Phases> result) {
        return result.entrySet().stream()
                .map(entry -> entry.getKey() + "," + entry.getValue().line())
                .toList();
    }

    @Override
    public Map<String, Phases> read(final List<String> lines) {
        if (lines.size() != trains.size()) {
            throw new IllegalArgumentException(lines.size() + " lines for " + trains.size() + " exchanges");
        }
        final Map<String, Phases> phases = new LinkedHashMap<>();
        for (final String line : lines) {
            final String[] cells = line.split(",", -1);
            phases.put(cells[0], Phases.parse(cells, 1));
        }
        return phases;
    }
}
