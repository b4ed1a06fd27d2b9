package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.ExchangeJob;
import io.signvote.examples.paper.timing.GlooJob;
import io.signvote.examples.paper.timing.Phases;
import io.signvote.examples.paper.timing.ShapedLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** How long the exchanges of some numbers of parameters take at each rate: the vote, this library's sum, and Gloo's. */
final class Exchanges {
    private final TimedJobs jobs;
    private final int hosts;
    private final List<ShapedLink> links;
    private final Collection<Integer> counts;
    private final List<ExchangeJob> own;
    private final List<GlooJob> gloo;

    /**
     * Exchanges of one number of parameters at one rate.
     *
     * @param link    between hosts.
     * @param count   parameters.
     * @param limitMs least that the links allow a sum of floats.
     * @param vote    with all that Signum does.
     * @param mean    by this library's sum, with the step of the parameters.
     * @param gloo    milliseconds of Gloo's sum, where it is; the step of the parameters is not in it.
     */
    record Times(ShapedLink link, int count, double limitMs, Phases vote, Phases mean, OptionalDouble gloo) {
        /** By Gloo's sum and this library's step of the parameters; what Gloo adds is in its communication. */
        Optional<Phases> byGloo() {
            return gloo.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Phases(gloo.getAsDouble() + mean.unpack(), 0, 0, mean.unpack(), mean.bytes()));
        }

        /** The faster of the two sums. */
        Phases averaging() {
            return byGloo().filter(phases -> phases.total() < mean.total()).orElse(mean);
        }
    }

    Exchanges(
            final Bench bench,
            final TimedJobs jobs,
            final Machine machine,
            final int hosts,
            final Collection<Integer> counts)
            throws InterruptedException {
        this.jobs = jobs;
        this.hosts = hosts;
        this.counts = counts;
        links = Timing.links(bench);
        final double trainMs = Timing.trainMs(bench);
        own = links.stream()
                .map(link -> new ExchangeJob(bench.testbed(), machine, hosts, link, counts, trainMs))
                .toList();
        gloo = GlooJob.python().stream()
                .flatMap(python -> links.stream()
                        .map(link -> new GlooJob(bench.testbed(), machine, python, hosts, link, counts, trainMs)))
                .toList();
    }

    /** In the unit of the progress. */
    long work() {
        return own.stream().mapToLong(ExchangeJob::work).sum()
                + gloo.stream().mapToLong(GlooJob::work).sum();
    }

    /** At each rate, of each number of parameters. */
    List<Times> measure() throws IOException, InterruptedException {
        final List<Times> times = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            final ShapedLink link = links.get(i);
            final Map<String, Phases> phases = jobs.run(own.get(i));
            final Map<Integer, Double> sums = gloo.isEmpty() ? Map.of() : jobs.run(gloo.get(i));
            for (final int count : counts) {
                times.add(new Times(
                        link,
                        count,
                        link.allReduceMs((double) count * Float.BYTES, hosts),
                        phases.get(ExchangeJob.vote(count)),
                        phases.get(ExchangeJob.mean(count)),
                        sums.containsKey(count) ? OptionalDouble.of(sums.get(count)) : OptionalDouble.empty()));
            }
        }
        return times;
    }

    /** How Gloo was measured, or why not. */
    String glooNote() {
        return gloo.isEmpty()
                ? "no python3 with PyTorch and Gloo is here, so averaging is this library's alone: apt-get install python3-torch"
                : "Gloo is that of PyTorch for Python, by ci/bench/gloo-allreduce.py on the same hosts; its adding is in its communication";
    }
}
