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

/** Measures exchanges of some numbers of parameters at each rate of the links: the vote, this library's sum, and Gloo's. */
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
     * @param limitMs the least time that the links allow for a sum of floats.
     * @param vote    the vote, with all that Signum does.
     * @param mean    this library's sum, with the step of the parameters.
     * @param gloo    milliseconds of Gloo's sum if there is Gloo, without the step of the parameters.
     */
    record Times(ShapedLink link, int count, double limitMs, Phases vote, Phases mean, OptionalDouble gloo) {
        /** Gloo's sum with this library's step of the parameters. Gloo's time to add is part of its communication. */
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
            final FigureContext context,
            final TimedJobs jobs,
            final Machine machine,
            final int hosts,
            final Collection<Integer> counts)
            throws InterruptedException {
        this.jobs = jobs;
        this.hosts = hosts;
        this.counts = counts;
        links = Timing.links(context);
        final double trainMs = Timing.trainMs(context);
        own = links.stream()
                .map(link -> new ExchangeJob(context.testbed(), machine, hosts, link, counts, trainMs))
                .toList();
        gloo = GlooJob.python().stream()
                .flatMap(python -> links.stream()
                        .map(link -> new GlooJob(context.testbed(), machine, python, hosts, link, counts, trainMs)))
                .toList();
    }

    /** The work, in the unit of the progress. */
    long work() {
        return own.stream().mapToLong(ExchangeJob::work).sum()
                + gloo.stream().mapToLong(GlooJob::work).sum();
    }

    /** Measures each number of parameters at each rate. */
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

    /** How Gloo was measured, or why it was not. */
    String glooNote() {
        return Timing.PROSE.note(gloo.isEmpty() ? "without Gloo" : "with Gloo");
    }
}
