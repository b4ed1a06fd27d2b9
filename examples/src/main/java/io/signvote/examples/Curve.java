package io.signvote.examples;

import java.util.ArrayList;
import java.util.List;

/** What one run came to: test accuracy after each epoch and when, and what was sent. */
final class Curve {
    private final String name;
    private final List<Double> accuracies = new ArrayList<>();
    private final List<Double> seconds = new ArrayList<>();
    private double stepSeconds;
    private double[] sentBytes = new double[0];

    Curve(final String name) {
        this.name = name;
    }

    /** Adds a point; epoch 0 is before training. */
    void add(final double accuracy, final double trainingSeconds) {
        accuracies.add(accuracy);
        seconds.add(trainingSeconds);
    }

    /** Sets what is known at the end: seconds spent in steps, and bytes sent in them by each rank. */
    void finish(final double secondsInSteps, final double[] bytesByRank) {
        stepSeconds = secondsInSteps;
        sentBytes = bytesByRank.clone();
    }

    String name() {
        return name;
    }

    /** Test accuracy after 0, 1, 2 ... epochs, 0 to 1. */
    List<Double> accuracies() {
        return List.copyOf(accuracies);
    }

    /** Seconds of training, without the time it took to test, at each of the accuracies. */
    List<Double> seconds() {
        return List.copyOf(seconds);
    }

    double finalAccuracy() {
        return accuracies.get(accuracies.size() - 1);
    }

    double totalSeconds() {
        return seconds.get(seconds.size() - 1);
    }

    /** Seconds in {@link io.signvote.examples.method.Optimiser#step}: sending, waiting for the other ranks, stepping. */
    double stepSeconds() {
        return stepSeconds;
    }

    /** Bytes that each rank sent, framing included. */
    double[] sentBytes() {
        return sentBytes.clone();
    }

    /** Bytes sent, the mean of all ranks. */
    double meanSentBytes() {
        double sum = 0;
        for (final double bytes : sentBytes) {
            sum += bytes;
        }
        return sum / sentBytes.length;
    }
}
