package io.signvote.examples.paper.stats;

/** Mean and deviation of every component of many gradients. Used by one thread. */
public final class Moments {
    private final double[] mean;
    private final double[] squares;
    private final int[] nonzeros;
    private int count;

    /**
     * Of no gradients yet.
     *
     * @param components of each.
     */
    public Moments(final int components) {
        mean = new double[components];
        squares = new double[components];
        nonzeros = new int[components];
    }

    /** {@return components of each} */
    public int components() {
        return mean.length;
    }

    /**
     * Takes one more, by Welford's recurrence.
     *
     * @param gradient with at least as many components.
     */
    public void add(final float[] gradient) {
        count++;
        final double share = 1.0 / count;
        for (int i = 0; i < mean.length; i++) {
            final double difference = gradient[i] - mean[i];
            mean[i] += share * difference;
            squares[i] += difference * (gradient[i] - mean[i]);
            nonzeros[i] += gradient[i] == 0 ? 0 : 1;
        }
    }

    /**
     * How often a component was not exactly 0.
     *
     * @param component which.
     * @return of all gradients taken.
     */
    public int nonzeros(final int component) {
        return nonzeros[component];
    }

    /**
     * The deviation of a component.
     *
     * @param component which.
     * @return of the sample, 0 where it never changed.
     */
    public double deviation(final int component) {
        return Math.sqrt(squares[component] / (count - 1));
    }

    /**
     * The ratio of signal and noise of a component.
     *
     * @param component with a deviation above 0.
     * @return |mean| / deviation.
     */
    public double ratio(final int component) {
        return Math.abs(mean[component]) / deviation(component);
    }
}
