package io.signvote.examples.paper.run;

import io.signvote.examples.net.Score;

/**
 * A point of a run at which the parameters were scored.
 *
 * @param step  steps done.
 * @param epoch passes over the training data, by all ranks together.
 * @param bytes that a rank has sent to step so far, the mean of all ranks.
 * @param score on the split.
 */
public record ScoredPoint(int step, double epoch, double bytes, Score score) {}
