package io.signvote.examples.task;

/** A model and its data. Not changed after construction; all ranks and runs share it. */
public interface Problem {
    /** {@return model and data in one line that names all that decides the result, and no path} */
    String settings();

    /** {@return model and data for people, with where they come from} */
    String description();

    /** {@return what scores are told by} */
    Measure measure();

    /** {@return samples of training that one pass takes, over all ranks; 1 where there are no passes} */
    long trainCount();

    /**
     * What a step costs a rank, for progress bars.
     *
     * @param batch samples of the step.
     * @return in any unit that is the same for all batches; the samples, unless they come at no cost.
     */
    default long cost(final int batch) {
        return batch;
    }

    /**
     * The part of one rank.
     *
     * @param rank  0 to ranks - 1.
     * @param ranks in all.
     * @param batch samples a step.
     * @param seed  of the order of samples and of noise.
     * @return a learner with a model of its own, used by one thread.
     */
    Learner learner(int rank, int ranks, int batch, long seed);
}
