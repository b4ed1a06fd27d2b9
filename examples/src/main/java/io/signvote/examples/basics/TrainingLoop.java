package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.optim.Signum;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** A training loop. All ranks fit one linear model, each to samples of its own. They send only the signs of momenta. */
class TrainingLoop {
    private static final float[] TRUTH = {2, -3, 0.5f};
    private static final int COUNT = TRUTH.length;
    private static final int BATCH = 32;
    private static final int STEPS = 400;
    private static final float RATE = 0.02f;

    public static void main(String[] args) {
        try (Communicator communicator = Communicator.connect();
                Signum signum = new Signum(communicator, COUNT).momentum(0.9f)) {
            Random random = new Random(communicator.rank());
            float[] parameters = new float[COUNT]; // every rank starts with the same parameters
            float[] gradients = new float[COUNT];
            for (int step = 0; step < STEPS; step++) {
                float loss = computeGradients(random, parameters, gradients);
                // momentum, vote, update: afterwards all ranks have the same parameters again
                signum.learningRate(RATE * (STEPS - step) / STEPS).step(gradients, parameters);
                if (communicator.rank() == 0 && step % 100 == 0) {
                    System.out.printf(Locale.ROOT, "step %d, loss %.1f%n", step, loss);
                }
            }
            for (int i = 0; i < COUNT; i++) {
                parameters[i] = Math.round(parameters[i] * 10) / 10f;
            }
            System.out.println("parameters " + Arrays.toString(parameters));
        }
    }

    /** Draws a batch of this rank, writes the gradient of the mean squared error, and returns that error. */
    private static float computeGradients(Random random, float[] parameters, float[] gradients) {
        Arrays.fill(gradients, 0);
        float loss = 0;
        float[] input = new float[COUNT];
        for (int sample = 0; sample < BATCH; sample++) {
            float error = 0.1f * (random.nextFloat() - 0.5f); // noise
            for (int i = 0; i < COUNT; i++) {
                input[i] = 2 * random.nextFloat() - 1;
                error += (parameters[i] - TRUTH[i]) * input[i];
            }
            for (int i = 0; i < COUNT; i++) {
                gradients[i] += 2 * error * input[i] / BATCH;
            }
            loss += error * error / BATCH;
        }
        return loss;
    }
}
