package io.signvote.examples.method;

import io.signvote.Communicator;
import io.signvote.Gathered;
import io.signvote.op.ReduceOp;

/**
 * SGD on the mean of the gradients that Multi-Krum chooses. Every rank receives all gradients and measures the distances of its
 * own to the others; the table of distances is then summed, so that all choose alike. Multi-Krum's authors have a server that
 * measures all distances. A rank that lied about its own row could sway the choice here.
 */
public final class KrumSgd implements Optimiser {
    private final Communicator communicator;
    private final Krum krum;
    private final Gathered received;
    private final Momentum momentum;
    private final float[][] gathered;

    /**
     * SGD without weight decay.
     *
     * @param communicator   of n ranks.
     * @param parameterCount of the model.
     * @param liars          f, the most ranks that may lie; n is at least 2 f + 3.
     * @param chosen         m, gradients that are averaged, 1 to n - f.
     * @param momentum       0 to below 1.
     */
    public KrumSgd(
            final Communicator communicator,
            final int parameterCount,
            final int liars,
            final int chosen,
            final float momentum) {
        this.communicator = communicator;
        this.krum = new Krum(communicator.size(), liars, chosen);
        this.received = new Gathered((long) communicator.size() * parameterCount * Float.BYTES);
        this.momentum = new Momentum(parameterCount, momentum);
        this.gathered = new float[communicator.size()][parameterCount];
    }

    @Override
    public void step(final float[] gradients, final float[] parameters, final float rate) {
        communicator.allGather(gradients, received);
        for (int rank = 0; rank < gathered.length; rank++) {
            received.copyFloats(rank, gathered[rank]);
        }
        final int[] chosen = krum.choose(distances());
        final float[] sum = gathered[chosen[0]];
        for (int i = 1; i < chosen.length; i++) {
            final float[] next = gathered[chosen[i]];
            for (int j = 0; j < sum.length; j++) {
                sum[j] += next[j];
            }
        }
        momentum.step(sum, 1f / chosen.length, parameters, rate);
    }

    /** Squared distances between all ranks; as floats on the wire, since a choice needs no more. */
    private double[][] distances() {
        final int ranks = communicator.size();
        final int own = communicator.rank();
        final float[] table = new float[ranks * ranks];
        for (int rank = 0; rank < ranks; rank++) {
            table[own * ranks + rank] = rank == own ? 0 : distance(gathered[own], gathered[rank]);
        }
        communicator.allReduce(table, table, ReduceOp.SUM);
        final double[][] distances = new double[ranks][ranks];
        for (int i = 0; i < table.length; i++) {
            distances[i / ranks][i % ranks] = table[i];
        }
        return distances;
    }

    private static float distance(final float[] a, final float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            final double difference = a[i] - b[i];
            sum += difference * difference;
        }
        return (float) sum;
    }

    @Override
    public void close() {
        received.close();
    }
}
