package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Three ranks in one process, a thread each and no sockets: for tests, and to simulate many ranks. */
class RanksInOneProcess {
    private static final int RANKS = 3;

    public static void main(String[] args) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (Communicator communicator : Communicator.createLocal(RANKS)) {
                results.add(threads.submit(() -> runRank(communicator)));
            }
            for (Future<String> result : results) {
                System.out.println(result.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The program of a rank. It closes its communicator, so that the other ranks need not wait for it after an error. */
    private static String runRank(Communicator communicator) {
        try (communicator) {
            float[] gradients = {1, -1, communicator.rank() - 0.5f};
            float[] verdict = new float[gradients.length];
            communicator.allReduce(gradients, verdict, ReduceOp.MAJORITY);
            return "rank " + communicator.rank() + " " + Arrays.toString(verdict);
        }
    }
}
