package io.signvote.examples.task;

import io.signvote.examples.net.Score;
import io.signvote.examples.net.Trainable;

/** One rank's model, and its share of the data. Used by one thread. */
public interface Learner extends Trainable {
    /**
     * Computes the gradients of the next samples.
     *
     * @param step 0 and up, each once and in order.
     * @return their mean loss.
     */
    double learn(int step);

    /**
     * Scores this rank's share of a split.
     *
     * @param split to score.
     * @return how well the parameters do. The scores of all ranks add up to that of the split.
     */
    Score score(Split split);
}
