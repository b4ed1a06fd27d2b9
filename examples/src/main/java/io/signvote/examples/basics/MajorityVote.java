package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;
import java.util.Arrays;

/** Two majority votes: one on the signs of floats, and one on packed signs. */
class MajorityVote {
    private static final int COUNT = 3;

    public static void main(String[] args) {
        try (Communicator communicator = Communicator.connect()) {
            // the ranks agree on two signs, and disagree on the third
            float[] gradients = {0.5f, -2, communicator.rank() - 0.5f};
            float[] signs = new float[COUNT];
            communicator.allReduce(gradients, signs, ReduceOp.MAJORITY);

            // coordinate i is bit i % 64 of word i / 64; a set bit is a minus sign
            long[] ballot = {communicator.rank() == 0 ? 0b110 : 0b010};
            long[] verdict = new long[1];
            communicator.vote(ballot, verdict, COUNT);
            float[] unpacked = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                unpacked[i] = (verdict[i / 64] >>> i % 64 & 1) == 1 ? -1 : 1;
            }

            System.out.println("signs " + Arrays.toString(signs) + ", packed " + Arrays.toString(unpacked));
        }
    }
}
