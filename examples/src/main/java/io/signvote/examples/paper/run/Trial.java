package io.signvote.examples.paper.run;

import io.signvote.Communicator;
import io.signvote.examples.LocalRanks;
import io.signvote.examples.adversary.Adversary;
import io.signvote.examples.adversary.Colluders;
import io.signvote.examples.method.Optimiser;
import io.signvote.examples.net.Score;
import io.signvote.examples.task.Learner;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** One run: ranks of this process, a thread each, over the library. */
public final class Trial implements Job<Recording> {
    private static final long PER_LIAR = 0xBF58476D1CE4E5B9L;
    private static final String COLUMNS = "step,epoch,bytes,loss,right,count";

    private final TrialSettings settings;
    private final Colluders colluders;

    /**
     * A run to be.
     *
     * @param settings that decide everything.
     */
    public Trial(final TrialSettings settings) {
        this.settings = settings;
        this.colluders = new Colluders(Math.max(1, settings.participants().liars()));
    }

    @Override
    public String key() {
        return settings.key();
    }

    @Override
    public long work() {
        return settings.work();
    }

    @Override
    public Recording run(final LongConsumer progress) throws InterruptedException {
        return new Recording(mean(LocalRanks.run(
                settings.participants().ranks(), settings.seed(), communicator -> runRank(communicator, progress))));
    }

    @Override
    public List<String> write(final Recording recording) {
        final List<String> lines = new ArrayList<>(List.of(COLUMNS));
        for (final ScoredPoint point : recording.points()) {
            final Score score = point.score();
            lines.add(point.step() + "," + point.epoch() + "," + point.bytes() + "," + score.loss() + ","
                    + score.right() + "," + score.count());
        }
        return lines;
    }

    @Override
    public Recording read(final List<String> lines) {
        if (lines.size() != settings.points() + 2 || !lines.get(0).equals(COLUMNS)) {
            throw new IllegalArgumentException(lines.size() + " lines for " + settings.points() + " points");
        }
        final List<ScoredPoint> points = new ArrayList<>();
        for (final String line : lines.subList(1, lines.size())) {
            final String[] cells = line.split(",", -1);
            points.add(new ScoredPoint(
                    Integer.parseInt(cells[0]),
                    Double.parseDouble(cells[1]),
                    Double.parseDouble(cells[2]),
                    new Score(Double.parseDouble(cells[3]), Long.parseLong(cells[4]), Long.parseLong(cells[5]))));
        }
        return new Recording(points);
    }

    private List<ScoredPoint> runRank(final Communicator communicator, final LongConsumer progress) {
        try (Learner learner = settings.problem()
                .learner(communicator.rank(), communicator.size(), settings.batch(), settings.seed())) {
            return runRank(communicator, learner, progress);
        }
    }

    private List<ScoredPoint> runRank(
            final Communicator communicator, final Learner learner, final LongConsumer progress) {
        learner.initialise(settings.seed());
        final Adversary adversary = adversary(communicator.rank());
        final List<ScoredPoint> points = new ArrayList<>();
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
                    report(communicator, progress, 1);
                }
                report(communicator, progress, isWorthIt ? 0 : settings.step(point) - settings.step(point - 1));
                points.add(look(communicator, learner, point, bytes));
            }
        }
        return points;
    }

    private Adversary adversary(final int rank) {
        final Participants participants = settings.participants();
        if (!participants.isLiar(rank)) {
            return Adversary.HONEST;
        }
        final int index = rank - (participants.ranks() - participants.liars());
        return participants.attack().adversary(settings.seed() + (index + 1) * PER_LIAR, colluders.member(index));
    }

    private void report(final Communicator communicator, final LongConsumer progress, final int steps) {
        if (communicator.rank() == 0 && steps > 0) {
            progress.accept(steps * settings.work() / settings.steps());
        }
    }

    private ScoredPoint look(
            final Communicator communicator, final Learner learner, final int point, final long bytes) {
        average(communicator, learner.statistics());
        final Score own = learner.score(settings.split());
        final float[] sums = {(float) own.loss(), own.right(), own.count()};
        communicator.allReduce(sums, sums, ReduceOp.SUM);
        final int step = settings.step(point);
        return new ScoredPoint(step, settings.epochs(step), bytes, new Score(sums[0], (long) sums[1], (long) sums[2]));
    }

    /** So that all ranks score the same model. */
    private static void average(final Communicator communicator, final float[] statistics) {
        if (statistics.length > 0) {
            communicator.allReduce(statistics, statistics, ReduceOp.SUM);
            for (int i = 0; i < statistics.length; i++) {
                statistics[i] /= communicator.size();
            }
        }
    }

    /** Points of all ranks differ only in the bytes that each has sent. */
    private List<ScoredPoint> mean(final List<List<ScoredPoint>> ranks) {
        final List<ScoredPoint> means = new ArrayList<>();
        for (int i = 0; i < ranks.get(0).size(); i++) {
            double bytes = 0;
            for (final List<ScoredPoint> rank : ranks) {
                bytes += rank.get(i).bytes() / ranks.size();
            }
            final ScoredPoint first = ranks.get(0).get(i);
            means.add(new ScoredPoint(first.step(), first.epoch(), bytes, first.score()));
        }
        return means;
    }
}
