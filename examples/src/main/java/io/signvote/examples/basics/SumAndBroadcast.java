package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;
import java.util.Arrays;
import java.util.Random;

/** A step of SGD on averaged gradients: a broadcast of the first parameters, a sum of the gradients, and a decision. */
class SumAndBroadcast {
    private static final int COUNT = 4;
    private static final float RATE = 0.5f;

    public static void main(String[] args) {
        try (Communicator communicator = Communicator.connect()) {
            float[] parameters = new float[COUNT];
            if (communicator.rank() == 0) {
                Random random = new Random(1);
                for (int i = 0; i < COUNT; i++) {
                    parameters[i] = random.nextInt(10);
                }
            }
            communicator.broadcast(parameters, 0); // now every rank has the parameters of rank 0

            float[] gradients = new float[COUNT];
            Arrays.fill(gradients, 1 + communicator.rank());
            boolean isFinite = true;
            for (float gradient : gradients) {
                isFinite &= Float.isFinite(gradient);
            }
            // all ranks decide together, since a rank that skips a call alone would stop the others
            if (communicator.allTrue(isFinite)) {
                float[] sum = new float[COUNT];
                communicator.allReduce(gradients, sum, ReduceOp.SUM);
                for (int i = 0; i < COUNT; i++) {
                    parameters[i] -= RATE * sum[i] / communicator.size(); // the mean is the sum divided by the ranks
                }
            }
            System.out.println("parameters " + Arrays.toString(parameters));
        }
    }
}
