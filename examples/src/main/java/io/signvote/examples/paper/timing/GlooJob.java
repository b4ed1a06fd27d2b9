package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.run.Job;
import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.Exchange.Kind;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Times Gloo's float32 sum between hosts of a testbed: {@code ci/gloo-allreduce.py}. To be run with nothing beside it. */
public final class GlooJob implements Job<Double> {
    private static final String PROBE = "import torch.distributed as d; assert d.is_gloo_available()";
    private static final Pattern WALL = Pattern.compile("\"wall_ms\": \\[([^]]*)]");

    private final Testbed testbed;
    private final Machine machine;
    private final String python;
    private final int hosts;
    private final Link link;
    private final Train train;

    /**
     * A job.
     *
     * @param testbed that has the hosts.
     * @param machine that carries it.
     * @param python  with PyTorch and Gloo.
     * @param hosts   one rank each.
     * @param link    between them.
     * @param count   floats.
     * @param trainMs of each train of rounds, at least.
     */
    public GlooJob(
            final Testbed testbed,
            final Machine machine,
            final String python,
            final int hosts,
            final Link link,
            final int count,
            final double trainMs) {
        this.testbed = testbed;
        this.machine = machine;
        this.python = python;
        this.hosts = hosts;
        this.link = link;
        this.train = Train.lasting(Kind.MEAN, count, link, hosts, trainMs);
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
        return "gloo; hosts=" + hosts + "; rate=" + link.rate() + "; train=" + train + "; " + machine.settings();
    }

    /** Ranks, since each reports once. */
    @Override
    public long work() {
        return hosts;
    }

    /** Milliseconds a round, the slowest rank's, of the train of median time. */
    @Override
    public Double run(final LongConsumer progress) throws InterruptedException {
        final Path script = testbed.script("gloo-allreduce.py");
        final List<String> command = List.of(
                python,
                script.toString(),
                "--count",
                String.valueOf(train.count()),
                "--rounds",
                String.valueOf(train.rounds()),
                "--trains",
                String.valueOf(Train.TRAINS),
                "--warmup",
                String.valueOf(train.warmup()));
        final List<double[]> ranks = new ArrayList<>();
        try {
            testbed.run(hosts, link, command, line -> {
                final Matcher matcher = WALL.matcher(line);
                if (matcher.find()) {
                    ranks.add(Stream.of(matcher.group(1).split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray());
                    progress.accept(1);
                }
            });
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return median(ranks);
    }

    double median(final List<double[]> ranks) {
        if (ranks.size() != hosts || ranks.stream().anyMatch(trains -> trains.length != Train.TRAINS)) {
            throw new IllegalStateException("Gloo: " + ranks.size() + " ranks reported, expected " + hosts + " with "
                    + Train.TRAINS + " trains");
        }
        final double[] slowest = IntStream.range(0, Train.TRAINS)
                .mapToDouble(i ->
                        ranks.stream().mapToDouble(trains -> trains[i]).max().orElseThrow())
                .toArray();
        Arrays.sort(slowest);
        return slowest[Train.TRAINS / 2];
    }

    @Override
    public List<String> write(final Double result) {
        return List.of(result.toString());
    }

    @Override
    public Double read(final List<String> lines) {
        return Double.valueOf(lines.get(0));
    }
}
