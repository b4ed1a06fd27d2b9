package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Outcome;
import io.signvote.examples.paper.run.ScoredPoint;

/**
 * Tells what figure 6's runs would take over a network: computed.
 *
 * @param voteStep seconds of a step by vote, without what it sends.
 * @param meanStep the same of the other.
 * @param vote     the one by vote.
 */
record TextClock(double voteStep, double meanStep, Outcome vote) {
    /** What it is, for the settings. */
    static final String TOLD =
            "computed, not clocked over a run: a rank's own step, measured on this machine (gradient and"
                    + " method as the only rank, nothing else running, median of 41, kept with the runs), times the steps; plus the"
                    + " bytes that a rank sent, over the bandwidth; one after the other, without latency and without what the"
                    + " exchange itself computes, which flatters the vote. The paper's own network is not known to us beyond"
                    + " \"up to 10 Gbit/s\", so that no rate here is the paper's; figures 4 and 5 measure exchanges";

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
