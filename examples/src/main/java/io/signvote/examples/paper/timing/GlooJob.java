package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.run.Job;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.GradientExchange.Kind;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Times Gloo's float32 sum between hosts of a testbed: {@code ci/bench/gloo-allreduce.py}. To be run with nothing beside it. */
public final class GlooJob implements Job<Map<Integer, Double>> {
    private static final String PROBE = "import torch.distributed as d; assert d.is_gloo_available()";
    private static final Pattern WALL = Pattern.compile("\"count\": (\\d+),.*\"wall_ms\": \\[([^]]*)]");

    private final Testbed testbed;
    private final Machine machine;
    private final String python;
    private final int hosts;
    private final ShapedLink link;
    private final List<RoundTrain> trains;

    /**
     * A job.
     *
     * @param testbed that has the hosts.
     * @param machine that carries it.
     * @param python  with PyTorch and Gloo.
     * @param hosts   one rank each.
     * @param link    between them.
     * @param counts  of floats.
     * @param trainMs of each train of rounds, at least.
     */
    public GlooJob(
            final Testbed testbed,
            final Machine machine,
            final String python,
            final int hosts,
            final ShapedLink link,
            final Collection<Integer> counts,
            final double trainMs) {
        this.testbed = testbed;
        this.machine = machine;
        this.python = python;
        this.hosts = hosts;
        this.link = link;
        this.trains = counts.stream()
                .distinct()
                .map(count -> RoundTrain.lasting(Kind.MEAN, count, link, hosts, trainMs))
                .toList();
    }

    /**
     * Looks for a Python that has PyTorch with Gloo: of the variable {@code SIGNVOTE_PYTHON}, the system's, of the path.
     *
     * @return the first that has.
     * @throws InterruptedException when this thread is interrupted.
     */
    public static Optional<String> python() throws InterruptedException {
        final Stream<String> named = Stream.ofNullable(System.getenv("SIGNVOTE_PYTHON"));
        for (final String python :
                Stream.concat(named, Stream.of("/usr/bin/python3", "python3")).toList()) {
            if (has(python)) {
                return Optional.of(python);
            }
        }
        return Optional.empty();
    }

    private static boolean has(final String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", PROBE)
                            .redirectErrorStream(true)
                            .redirectOutput(new File("/dev/null"))
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException e) {
            return false;
        }
    }

    @Override
    public String key() {
        return "gloo; hosts=" + hosts + "; rate=" + link.rate() + "; trains="
                + trains.stream().map(RoundTrain::toString).collect(Collectors.joining(" ")) + "; " + testbed.settings()
                + "; " + machine.settings();
    }

    /** Ranks and counts, since each rank reports each count once. */
    @Override
    public long work() {
        return (long) trains.size() * hosts;
    }

    /** By count, milliseconds a round, the slowest rank's, of the train of median time. */
    @Override
    public Map<Integer, Double> run(final LongConsumer progress) throws InterruptedException {
        final List<String> command = new ArrayList<>(
                List.of(python, testbed.script("bench/gloo-allreduce.py").toString()));
        command.addAll(List.of("--trains", String.valueOf(RoundTrain.TRAINS)));
        add(command, "--count", RoundTrain::count);
        add(command, "--rounds", RoundTrain::rounds);
        add(command, "--warmup", RoundTrain::warmup);
        final Map<Integer, List<double[]>> ranks = new HashMap<>();
        try {
            testbed.run(hosts, link, command, line -> {
                final Matcher matcher = WALL.matcher(line);
                if (matcher.find()) {
                    ranks.computeIfAbsent(Integer.valueOf(matcher.group(1)), count -> new ArrayList<>())
                            .add(Stream.of(matcher.group(2).split(","))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
                    progress.accept(1);
                }
            });
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final Map<Integer, Double> medians = new LinkedHashMap<>();
        trains.forEach(train -> medians.put(train.count(), median(ranks.getOrDefault(train.count(), List.of()))));
        return medians;
    }

    private void add(final List<String> command, final String option, final ToIntFunction<RoundTrain> value) {
        command.add(option);
        trains.forEach(train -> command.add(String.valueOf(value.applyAsInt(train))));
    }

    double median(final List<double[]> ranks) {
        if (ranks.size() != hosts || ranks.stream().anyMatch(trains -> trains.length != RoundTrain.TRAINS)) {
            throw new IllegalStateException("Gloo: " + ranks.size() + " ranks reported, expected " + hosts + " with "
                    + RoundTrain.TRAINS + " trains");
        }
        final double[] slowest = IntStream.range(0, RoundTrain.TRAINS)
                .mapToDouble(i ->
                        ranks.stream().mapToDouble(trains -> trains[i]).max().orElseThrow())
                .toArray();
        Arrays.sort(slowest);
        return slowest[RoundTrain.TRAINS / 2];
    }

    @Override
    public List<String> write(final Map<Integer, Double> result) {
        return result.entrySet().stream()
                .map(entry -> entry.getKey() + "," + entry.getValue())
                .toList();
    }

    @Override
    public Map<Integer, Double> read(final List<String> lines) {
        if (lines.size() != trains.size()) {
            throw new IllegalArgumentException(lines.size() + " lines for " + trains.size() + " counts");
        }
        final Map<Integer, Double> medians = new LinkedHashMap<>();
        for (final String line : lines) {
            final String[] cells = line.split(",", -1);
            medians.put(Integer.valueOf(cells[0]), Double.valueOf(cells[1]));
        }
        return medians;
    }
}
