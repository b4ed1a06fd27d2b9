package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;

/**
 * The time that figure 6's runs would take over a network. It is computed.
 *
 * @param voteStep seconds of a step by vote, without communication.
 * @param meanStep seconds of a step by averaging, without communication.
 * @param vote     the outcome by vote; any other outcome is by averaging.
 */
record ComputedTime(double voteStep, double meanStep, Outcome vote) {
    double step(final Outcome outcome) {
        return outcome == vote ? voteStep : meanStep;
    }

    double seconds(final Outcome outcome, final ScoredPoint point, final double mbits) {
        return point.step() * step(outcome) + 8 * point.bytes() / (mbits * 1e6);
    }

    /** One pass over the training data; the same for every seed, since steps and bytes are. */
    double epoch(final Outcome outcome, final double mbits) {
        final ScoredPoint last = outcome.recordings().get(0).last();
        return seconds(outcome, last, mbits) / last.epoch();
    }

    /** A run's loss at some time. */
    double value(final Outcome outcome, final int seed, final double time, final double mbits) {
        return outcome.recordings().get(seed).valueAt(outcome.measure(), point -> seconds(outcome, point, mbits), time);
    }
}
