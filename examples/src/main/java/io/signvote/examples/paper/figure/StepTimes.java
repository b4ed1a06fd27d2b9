package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.paper.timing.ComputeJob;
import io.signvote.examples.paper.timing.ShapedLink;
import io.signvote.examples.task.Learner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times of a step of the vote and of averaging, at each rate of the links and at two batches. One batch is that of the training. In the
 * larger one communication has a smaller share.
 *
 * @param all      steps, of the trained batch first.
 * @param batch    that is trained with.
 * @param glooNote how Gloo was measured, or why it was not.
 */
record StepTimes(List<Step> all, int batch, String glooNote) {
    /** The most that a vote saves of the communication of averaging: it sends one bit for 32. */
    static final double MOST = 31.0 / 32;

    /** Share of communication in a step of the paper's figure 5. The paper does not give it. It is arithmetic of ours, see the note. */
    static final double RECKONED_SHARE = 0.28;

    /** The share of the time that the vote saves in the paper. */
    static final double PAPER_SAVING = 0.25;

    private static final int LARGER = 16;

    /**
     * A step.
     *
     * @param exchange  between ranks.
     * @param batch     of a rank.
     * @param computeMs of its gradients.
     */
    record Step(Exchanges.Times exchange, int batch, double computeMs) {
        ShapedLink link() {
            return exchange.link();
        }

        double voteMs() {
            return computeMs + exchange.vote().total();
        }

        double meanMs() {
            return computeMs + exchange.averaging().total();
        }

        /** Of communication in a step of averaging. */
        double share() {
            return exchange.averaging().total() / meanMs();
        }

        /** Of a step of averaging, by the vote. */
        double saving() {
            return 1 - voteMs() / meanMs();
        }
    }

    List<Step> trained() {
        return all.stream().filter(step -> step.batch() == batch).toList();
    }

    static String percent(final double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static int count(final TrialSettings base) {
        try (Learner learner = base.problem().learner(0, base.participants().ranks(), base.batch(), 0)) {
            return learner.parameters().length;
        }
    }

    /** A rank's batch, and one that is larger, as far as its share of the data goes. */
    private static int[] batches(final TrialSettings base) {
        final long larger = Math.min(
                (long) LARGER * base.batch(),
                base.problem().trainCount() / base.participants().ranks());
        return larger > base.batch() ? new int[] {base.batch(), (int) larger} : new int[] {base.batch()};
    }

    static StepTimes measure(
            final FigureContext context,
            final TimedJobs jobs,
            final String title,
            final TrialSettings base,
            final Machine machine)
            throws IOException, InterruptedException {
        final int hosts = base.participants().ranks();
        final Exchanges exchanges = new Exchanges(context, jobs, machine, hosts, List.of(count(base)));
        final int[] batches = batches(base);
        context.runner().progress().begin(title + ", times", batches.length + exchanges.work());
        try {
            final List<Exchanges.Times> times = exchanges.measure();
            final List<Step> steps = new ArrayList<>();
            for (final int batch : batches) {
                final double compute =
                        jobs.run(new ComputeJob(base.problem(), hosts, batch, Timing.computeMs(context), machine));
                times.forEach(exchange -> steps.add(new Step(exchange, batch, compute)));
            }
            return new StepTimes(steps, base.batch(), exchanges.glooNote());
        } finally {
            context.runner().progress().close();
        }
    }
}
