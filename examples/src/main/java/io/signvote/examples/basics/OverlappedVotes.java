package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.Work;
import io.signvote.op.ReduceOp;
import java.util.Arrays;

/** Asynchronous votes: the vote on one layer runs while the program computes the gradients of the next layer. */
class OverlappedVotes {
    private static final int LAYERS = 3;
    private static final int COUNT = 100_000;
    private static final float RATE = 0.25f;

    public static void main(String[] args) {
        try (Communicator communicator = Communicator.connect()) {
            float[][] parameters = new float[LAYERS][COUNT];
            float[][] gradients = new float[LAYERS][COUNT];
            float[][] verdicts = new float[LAYERS][COUNT];
            Work[] votes = new Work[LAYERS];
            // a backward pass has the gradients of the last layer first
            for (int layer = LAYERS - 1; layer >= 0; layer--) {
                computeGradients(layer, communicator.rank(), gradients[layer]);
                votes[layer] = communicator.allReduceAsync(gradients[layer], verdicts[layer], ReduceOp.MAJORITY);
            }
            for (int layer = 0; layer < LAYERS; layer++) {
                votes[layer].await(); // throws the error of the call, if it failed
                for (int i = 0; i < COUNT; i++) {
                    parameters[layer][i] -= RATE * verdicts[layer][i];
                }
            }
            float[] firsts = {parameters[0][0], parameters[1][0], parameters[2][0]};
            System.out.println("first parameter of each layer: " + Arrays.toString(firsts));
        }
    }

    /** Stands for the backward pass of a layer. The signs differ between layers, and the sizes between ranks. */
    private static void computeGradients(int layer, int rank, float[] gradients) {
        Arrays.fill(gradients, layer % 2 == 0 ? 1 + rank : -1 - rank);
    }
}
