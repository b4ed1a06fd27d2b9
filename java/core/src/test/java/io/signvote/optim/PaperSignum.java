package io.signvote.optim;

import io.signvote.bits.Lot;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * Algorithm 1 of the paper, all workers in one loop over coordinates, with each float32 operation in the order in which it is
 * documented. Knows nothing of words, chunks or ranks' threads.
 */
final class PaperSignum {
    final float[] parameters;
    final float[][] momentum;
    final long[] zeroCounts;
    final long[] notFiniteCounts;

    private final ZeroPolicy zeroPolicy;
    private final TiePolicy tiePolicy;
    private final long seed;
    private long step;

    PaperSignum(
            final int ranks,
            final float[] start,
            final ZeroPolicy zeroPolicy,
            final TiePolicy tiePolicy,
            final long seed) {
        parameters = start.clone();
        momentum = new float[ranks][start.length];
        zeroCounts = new long[ranks];
        notFiniteCounts = new long[ranks];
        this.zeroPolicy = zeroPolicy;
        this.tiePolicy = tiePolicy;
        this.seed = seed;
    }

    void step(final float[][] gradients, final Rates rates) {
        step++;
        final float beta = rates.beta();
        final float oneMinusBeta = 1 - beta;
        for (int i = 0; i < parameters.length; i++) {
            int balance = 0;
            for (int rank = 0; rank < momentum.length; rank++) {
                final float g = gradients[rank][i];
                final float[] v = momentum[rank];
                if (Float.isFinite(g)) {
                    final float next = beta * v[i] + oneMinusBeta * g;
                    v[i] = Math.abs(next) < Float.MIN_NORMAL ? 0 : next;
                }
                balance += vote(rank, g, v[i], i);
            }
            final float s = balance == 0 ? tie(i) : Integer.signum(balance);
            final float x = parameters[i];
            parameters[i] = x - rates.eta() * (s + rates.lambda() * x);
        }
    }

    private int vote(final int rank, final float g, final float v, final int i) {
        if (!Float.isFinite(g) || !Float.isFinite(v)) {
            notFiniteCounts[rank]++;
        } else if (v == 0) {
            zeroCounts[rank]++;
        } else {
            return v < 0 ? -1 : 1;
        }
        return zeroPolicy == ZeroPolicy.POSITIVE ? 1 : lot(rank, i);
    }

    private int tie(final int i) {
        return switch (tiePolicy) {
            case POSITIVE -> 1;
            case NEGATIVE -> -1;
            default -> lot(Lot.NOBODY, i);
        };
    }

    private int lot(final long identity, final int i) {
        return (Lot.lots(Lot.key(seed, 0, step, identity), i / 64) >>> i % 64 & 1) == 1 ? -1 : 1;
    }

    /** What a step is taken with. */
    record Rates(float eta, float beta, float lambda) {
        static final Rates DEFAULTS = new Rates(1e-4f, 0.9f, 0);

        /** Other rates every step; the fifth is signSGD. */
        static Rates of(final int step) {
            return new Rates(1e-2f / (step + 1), step == 4 ? 0 : 0.9f - 0.1f * step, step % 2 * 0.01f);
        }

        void set(final Signum signum) {
            signum.learningRate(eta).momentum(beta).weightDecay(lambda);
        }
    }
}
