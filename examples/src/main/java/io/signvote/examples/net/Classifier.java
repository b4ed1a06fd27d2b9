package io.signvote.examples.net;

/** A model that classifies the samples of a batch. */
public interface Classifier extends Trainable {
    /**
     * Computes the gradients of the mean loss over a batch.
     *
     * @param batch samples and labels.
     * @return the mean loss.
     */
    double train(Batch batch);

    /**
     * Scores samples without learning from them.
     *
     * @param batch samples and labels.
     * @return how well the parameters do.
     */
    Score score(Batch batch);
}
