package io.signvote.djl;

import io.signvote.bits.Lot;

/** The paper's algorithm over arrays, all ranks in one loop; zeros and ties by the library's lots, which are published. */
final class PlainSignum {
    final float[] parameters;
    private final float[][] momentum;
    private long step;

    PlainSignum(final int ranks, final float[] start) {
        parameters = start.clone();
        momentum = new float[ranks][start.length];
    }

    void step(final float[][] gradients, final float eta, final float beta, final float lambda) {
        step++;
        final float oneMinusBeta = 1 - beta;
        for (int i = 0; i < parameters.length; i++) {
            int balance = 0;
            for (int rank = 0; rank < momentum.length; rank++) {
                final float[] v = momentum[rank];
                final float next = beta * v[i] + oneMinusBeta * gradients[rank][i];
                v[i] = Math.abs(next) < Float.MIN_NORMAL ? 0 : next;
                balance += v[i] == 0 ? lot(rank, i) : v[i] < 0 ? -1 : 1;
            }
            final float s = balance == 0 ? lot(Lot.NOBODY, i) : Integer.signum(balance);
            parameters[i] = parameters[i] - eta * (s + lambda * parameters[i]);
        }
    }

    private int lot(final long identity, final int i) {
        return (Lot.lots(Lot.key(0, 0, step, identity), i / 64) >>> i % 64 & 1) == 1 ? -1 : 1;
    }
}
