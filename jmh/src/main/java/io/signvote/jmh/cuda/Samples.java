package io.signvote.jmh.cuda;

import java.util.Arrays;

/** Repeated measurements of one thing, of which the median counts. */
final class Samples {
    private final double[] values;
    private int count;

    Samples(final int capacity) {
        values = new double[capacity];
    }

    void add(final double value) {
        values[count++] = value;
    }

    double median() {
        final double[] sorted = sorted();
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }

    double least() {
        return sorted()[0];
    }

    double most() {
        return sorted()[count - 1];
    }

    private double[] sorted() {
        final double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
