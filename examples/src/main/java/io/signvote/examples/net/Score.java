package io.signvote.examples.net;

/**
 * How a network does on some samples.
 *
 * @param loss  cross-entropy in nats, summed over the samples.
 * @param right samples whose highest score is that of their label.
 * @param count samples.
 */
public record Score(double loss, long right, long count) {
    /** Of no samples. */
    public static final Score NONE = new Score(0, 0, 0);

    /**
     * Takes two scores together.
     *
     * @param other of other samples.
     * @return of all.
     */
    public Score plus(final Score other) {
        return new Score(loss + other.loss, right + other.right, count + other.count);
    }
}
