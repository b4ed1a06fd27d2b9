package io.signvote.examples.paper.run;

import io.signvote.Communicator;
import io.signvote.examples.LocalRanks;
import io.signvote.examples.adversary.Adversary;
import io.signvote.examples.adversary.Cabal;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.net.Score;
import io.signvote.examples.task.Learner;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** One run: ranks of this process, a thread each, over the library. */
public final class Trial {
    private static final long PER_LIAR = 0xBF58476D1CE4E5B9L;

    private final TrialSettings settings;
    private final Cabal cabal;
    private final LongConsumer progress;

    private Trial(final TrialSettings settings, final LongConsumer progress) {
        this.settings = settings;
        this.progress = progress;
        this.cabal = new Cabal(Math.max(1, settings.crew().liars()));
    }

    /**
     * Runs it.
     *
     * @param settings that decide everything.
     * @param progress is told of work done, in the unit of {@link TrialSettings#work}, by one thread.
     * @return what it came to.
     * @throws InterruptedException when this thread is interrupted.
     */
    public static Recording run(final TrialSettings settings, final LongConsumer progress) throws InterruptedException {
        final Trial trial = new Trial(settings, progress);
        final List<List<Point>> ranks = LocalRanks.run(settings.crew().ranks(), settings.seed(), trial::runRank);
        return new Recording(trial.mean(ranks));
    }

    private List<Point> runRank(final Communicator communicator) {
        final Learner learner =
                settings.problem().learner(communicator.rank(), communicator.size(), settings.batch(), settings.seed());
        learner.initialise(settings.seed());
        final Adversary adversary = adversary(communicator.rank());
        final List<Point> points = new ArrayList<>();
        points.add(look(communicator, learner, 0, 0));
        try (Optimiser optimiser = settings.method().maker().open(communicator, learner.tensors(), settings.seed())) {
            long bytes = 0;
            for (int point = 1; point <= settings.points(); point++) {
                final boolean isWorthIt =
                        Double.isFinite(points.get(point - 1).score().loss());
                for (int step = settings.step(point - 1); step < settings.step(point) && isWorthIt; step++) {
                    learner.learn(step);
                    adversary.corrupt(learner.gradients());
                    final float rate = settings.schedule().rate(settings.rate(), step, settings.steps());
                    final long before = communicator.bytesSent();
                    optimiser.step(learner.gradients(), learner.parameters(), rate);
                    bytes += communicator.bytesSent() - before;
                    report(communicator, 1);
                }
                report(communicator, isWorthIt ? 0 : settings.step(point) - settings.step(point - 1));
                points.add(look(communicator, learner, point, bytes));
            }
        }
        return points;
    }

    private Adversary adversary(final int rank) {
        final Crew crew = settings.crew();
        if (!crew.isLiar(rank)) {
            return Adversary.HONEST;
        }
        final int index = rank - (crew.ranks() - crew.liars());
        return crew.attack().adversary(settings.seed() + (index + 1) * PER_LIAR, cabal.member(index));
    }

    private void report(final Communicator communicator, final int steps) {
        if (communicator.rank() == 0 && steps > 0) {
            progress.accept(steps * settings.work() / settings.steps());
        }
    }

    private Point look(final Communicator communicator, final Learner learner, final int point, final long bytes) {
        final Score own = learner.score(settings.split());
        final float[] sums = {(float) own.loss(), own.right(), own.count()};
        communicator.allReduce(sums, sums, ReduceOp.SUM);
        final int step = settings.step(point);
        return new Point(step, settings.epochs(step), bytes, new Score(sums[0], (long) sums[1], (long) sums[2]));
    }

    /** Points of all ranks differ only in the bytes that each has sent. */
    private List<Point> mean(final List<List<Point>> ranks) {
        final List<Point> means = new ArrayList<>();
        for (int i = 0; i < ranks.get(0).size(); i++) {
            double bytes = 0;
            for (final List<Point> rank : ranks) {
                bytes += rank.get(i).bytes() / ranks.size();
            }
            final Point first = ranks.get(0).get(i);
            means.add(new Point(first.step(), first.epoch(), bytes, first.score()));
        }
        return means;
    }
}
