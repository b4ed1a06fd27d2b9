package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.timing.ComputeJob;
import io.signvote.examples.paper.timing.ExchangeJob;
import io.signvote.examples.paper.timing.GlooJob;
import io.signvote.examples.paper.timing.Link;
import io.signvote.examples.paper.timing.Phases;
import io.signvote.examples.task.Learner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long a step of the vote and of averaging takes, at each rate and at two batches: the one that is trained with and a larger one,
 * in which communication has a smaller share.
 *
 * @param all      steps, of the trained batch first.
 * @param batch    that is trained with.
 * @param glooNote how Gloo was measured, or why not.
 */
record StepTimes(List<Step> all, int batch, String glooNote) {
    /** Of what averaging sends, a vote saves this share: one bit for 32. */
    static final double MOST = 31.0 / 32;

    /**
     * Communication in a step of the paper's figure 5, ResNet-50 on seven machines: a float32 ring of 25.6 million parameters at
     * 10 Gbit/s takes 0.14 s, beside about 0.36 s of computing 128 images on a V100.
     */
    static final double PAPER_SHARE = 0.28;

    /** What the paper reports. */
    static final double PAPER_SAVING = 0.25;

    private static final int LARGER = 16;

    /**
     * A step.
     *
     * @param link      between hosts.
     * @param batch     of a rank.
     * @param computeMs of its gradients.
     * @param limitMs   least that the links allow a sum of floats.
     * @param vote      exchange.
     * @param mean      exchange, by this library.
     * @param gloo      milliseconds of Gloo's sum, if it is there; the step of the parameters is not in it.
     */
    record Step(Link link, int batch, double computeMs, double limitMs, Phases vote, Phases mean, OptionalDouble gloo) {
        double voteMs() {
            return computeMs + vote.total();
        }

        double meanMs() {
            return computeMs + exchangeMs();
        }

        /** Of communication in a step of averaging. */
        double share() {
            return exchangeMs() / meanMs();
        }

        /** Of a step of averaging, by the vote. */
        double saving() {
            return 1 - voteMs() / meanMs();
        }

        private double exchangeMs() {
            return Math.min(mean.total(), gloo.orElse(Double.POSITIVE_INFINITY) + mean.unpack());
        }
    }

    List<Step> trained() {
        return all.stream().filter(step -> step.batch() == batch).toList();
    }

    private static int count(final TrialSettings base) {
        try (Learner learner = base.problem().learner(0, base.crew().ranks(), base.batch(), 0)) {
            return learner.parameters().length;
        }
    }

    /** A rank's batch, and one that is larger, as far as its share of the data goes. */
    private static int[] batches(final TrialSettings base) {
        final long larger = Math.min(
                (long) LARGER * base.batch(),
                base.problem().trainCount() / base.crew().ranks());
        return larger > base.batch() ? new int[] {base.batch(), (int) larger} : new int[] {base.batch()};
    }

    static StepTimes measure(final Bench bench, final String title, final TrialSettings base, final Machine machine)
            throws IOException, InterruptedException {
        final int hosts = base.crew().ranks();
        final int count = count(base);
        final Optional<String> python = GlooJob.python();
        final List<Link> links = Timing.links(bench);
        final List<ExchangeJob> exchanges = links.stream()
                .map(link ->
                        new ExchangeJob(bench.testbed(), machine, hosts, link, List.of(count), Timing.trainMs(bench)))
                .toList();
        final List<GlooJob> gloos = python.stream()
                .flatMap(program -> links.stream()
                        .map(link -> new GlooJob(
                                bench.testbed(), machine, program, hosts, link, count, Timing.trainMs(bench))))
                .toList();
        bench.runner()
                .progress()
                .begin(
                        title + ", times",
                        2
                                + exchanges.stream()
                                        .mapToLong(ExchangeJob::work)
                                        .sum()
                                + gloos.stream().mapToLong(GlooJob::work).sum());
        try {
            final List<Map<String, Phases>> phases = new ArrayList<>();
            for (final ExchangeJob job : exchanges) {
                phases.add(bench.alone(job));
            }
            final List<OptionalDouble> sums = new ArrayList<>();
            for (int i = 0; i < links.size(); i++) {
                sums.add(gloos.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(bench.alone(gloos.get(i))));
            }
            final List<Step> steps = new ArrayList<>();
            for (final int batch : batches(base)) {
                final double compute =
                        bench.alone(new ComputeJob(base.problem(), hosts, batch, Timing.computeMs(bench), machine));
                for (int i = 0; i < links.size(); i++) {
                    steps.add(new Step(
                            links.get(i),
                            batch,
                            compute,
                            links.get(i).allReduceMs((double) count * Float.BYTES, hosts),
                            phases.get(i).get(ExchangeJob.vote(count)),
                            phases.get(i).get(ExchangeJob.mean(count)),
                            sums.get(i)));
                }
            }
            return new StepTimes(
                    steps,
                    base.batch(),
                    python.map(program ->
                                    "Gloo is that of PyTorch for Python, by ci/gloo-allreduce.py on the same hosts")
                            .orElse(
                                    "no python3 with PyTorch and Gloo is here, so averaging is this library's alone: apt-get"
                                            + " install python3-torch"));
        } finally {
            bench.runner().progress().close();
        }
    }
}
