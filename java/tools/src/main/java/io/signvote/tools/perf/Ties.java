package io.signvote.tools.perf;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.bits.Lot;
import io.signvote.op.TiePolicy;

/** The verdicts on tied coordinates of one call. All ranks know seed, step and policy, so they can compute the lots. */
final class Ties {
    private final TiePolicy policy;
    private final long key;

    /**
     * Makes the ties of one call.
     *
     * @param context of the communicator.
     * @param step of the call.
     */
    Ties(final Context context, final long step) {
        policy = context.tiePolicy();
        key = Lot.key(context.seed(), Communicator.WORLD, step, Lot.NOBODY);
    }

    /**
     * Verdicts on 64 coordinates if they are tied.
     *
     * @param word index of the coordinates / 64.
     * @return 64 bits, 1 for negative.
     */
    long signs(final long word) {
        return switch (policy) {
            case POSITIVE -> 0L;
            case NEGATIVE -> -1L;
            case RANDOM -> Lot.lots(key, word);
            case ZERO -> throw new IllegalStateException("a tie that is zero has no sign");
        };
    }
}
