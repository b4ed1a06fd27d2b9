package io.signvote.examples.paper.figure;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.adversary.Attack;
import io.signvote.examples.method.Method;
import io.signvote.examples.net.Score;
import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.run.Contender;
import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Recording;
import io.signvote.examples.paper.run.ScoredPoint;
import io.signvote.examples.paper.run.Search;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Measure;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.Split;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Outcomes that nothing ran for: two seeds, 100 steps, a pass in 10 of them. */
final class MadeUpOutcomes {
    static final FigureContext CONTEXT = new FigureContext(Scale.QUICK, 1, null, null, null);
    static final double LOSS_AT_START = 400;

    private MadeUpOutcomes() {}

    /** Accuracies at the end, in percent, one per seed; they grow evenly from 10 at the start. */
    static Outcome accuracies(final String label, final double bytes, final double... atEnd) {
        return outcome(
                label,
                Measure.ACCURACY,
                Arrays.stream(atEnd)
                        .mapToObj(end -> List.of(
                                point(0, 0, new Score(LOSS_AT_START, 100, 1000)),
                                point(100, bytes, new Score(100, Math.round(10 * end), 1000))))
                        .toList());
    }

    /** Accuracies of both seeds at even steps from 0 to 100; what is not a number comes of a loss that is none. */
    static Outcome course(final String label, final double... accuracies) {
        final int last = accuracies.length - 1;
        final List<ScoredPoint> points = IntStream.rangeClosed(0, last)
                .mapToObj(i -> point(
                        100 * i / last,
                        8.0 * i / last,
                        Double.isNaN(accuracies[i])
                                ? new Score(Double.NaN, 0, 1000)
                                : new Score(100, Math.round(10 * accuracies[i]), 1000)))
                .toList();
        return outcome(label, Measure.ACCURACY, List.of(points, points));
    }

    /** Runs that end at chance with some loss. */
    static Outcome ending(final String label, final double loss) {
        final List<ScoredPoint> points =
                List.of(point(0, 0, new Score(LOSS_AT_START, 100, 1000)), point(100, 8, new Score(loss, 100, 1000)));
        return outcome(label, Measure.ACCURACY, List.of(points, points));
    }

    /** Bits per character at the end, one per seed; they fall evenly from 6. */
    static Outcome bits(final String label, final double bytes, final double... atEnd) {
        return outcome(
                label,
                Measure.BITS,
                Arrays.stream(atEnd)
                        .mapToObj(end -> List.of(
                                point(0, 0, new Score(6 * Math.log(2), 0, 1)),
                                point(100, bytes, new Score(end * Math.log(2), 0, 1))))
                        .toList());
    }

    static Claim claim(final List<Claim> claims, final String id) {
        return claims.stream()
                .filter(claim -> claim.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static ScoredPoint point(final int step, final double bytes, final Score score) {
        return new ScoredPoint(step, step / 10.0, bytes, score);
    }

    /** Runs of three ranks, of which some invert; they end where they began. */
    static Outcome inverting(final String label, final int count) {
        final List<ScoredPoint> points = List.of(point(0, 0, new Score(1, 0, 1)), point(100, 8, new Score(1, 0, 1)));
        return outcome(
                label, Measure.OBJECTIVE, Participants.honest(3).with(Attack.INVERT, count), List.of(points, points));
    }

    private static Outcome outcome(final String label, final Measure measure, final List<List<ScoredPoint>> runs) {
        return outcome(label, measure, Participants.honest(3), runs);
    }

    private static Outcome outcome(
            final String label,
            final Measure measure,
            final Participants participants,
            final List<List<ScoredPoint>> runs) {
        final TrialSettings settings = new TrialSettings(
                new Told(measure), Method.vote(0), participants, 1, 100, 1, RateSchedule.CONSTANT, 1, 0, Split.TEST);
        return new Outcome(
                new Contender(label, settings, new Search(settings, List.of(0.5f))),
                new Search.Found(0.5f, 0, List.of()),
                runs.stream().map(Recording::new).toList());
    }

    /** Nothing that could be learnt. */
    private record Told(Measure measure) implements Problem {
        @Override
        public String settings() {
            return "made up";
        }

        @Override
        public String description() {
            return "made up";
        }

        @Override
        public long trainCount() {
            return 1;
        }

        @Override
        public Learner learner(final int rank, final int ranks, final int batch, final long seed) {
            throw new UnsupportedOperationException("made up");
        }
    }
}
