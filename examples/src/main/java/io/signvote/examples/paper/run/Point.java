package io.signvote.examples.paper.run;

import io.signvote.examples.net.Score;

/**
 * A look at a run.
 *
 * @param step  steps done.
 * @param epoch passes over the training data, by all ranks together.
 * @param bytes that a rank has sent to step so far, the mean of all ranks.
 * @param score on the split.
 */
public record Point(int step, double epoch, double bytes, Score score) {}
