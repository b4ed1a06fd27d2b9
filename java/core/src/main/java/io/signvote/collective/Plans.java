package io.signvote.collective;

import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;

/**
 * The plan of each call. Immutable, and equal on all members.
 *
 * <p>If every rank tallies a share, small reductions of numbers and barriers are replicated: one hop in place of two. Votes are not. A
 * voter may lie, and may then tell each rank something else.
 */
final class Plans {
    private final Plan reductions;
    private final Plan replicated;
    private final boolean isReplicatedIfSmall;
    private final int ranks;
    private final Plan shards;
    private final Plan gathers;
    private final Plan blocks;

    // by root
    private final Plan[] broadcasts;
    private final Plan[] reductionsTo;
    private final Plan[] gathersTo;
    private final Plan[] scatters;

    /**
     * Makes the plans of a communicator.
     *
     * @param ranks M.
     * @param reductions plan of votes and other reductions.
     * @param chunking of shards of different lengths.
     */
    Plans(final int ranks, final Plan reductions, final ShardChunking chunking) {
        this.ranks = ranks;
        this.reductions = reductions;
        replicated = new Plan.Replicated(ranks);
        isReplicatedIfSmall = reductions instanceof Plan.Sharded && ranks > 1;
        shards = new Owned(chunking, ranks);
        gathers = new Plan.Own(ranks);
        blocks = new Plan.Blocks(ranks, Plan.NONE);
        broadcasts = new Plan[ranks];
        reductionsTo = new Plan[ranks];
        gathersTo = new Plan[ranks];
        scatters = new Plan[ranks];
        for (int root = 0; root < ranks; root++) {
            broadcasts[root] = new Plan.Rooted(root);
            reductionsTo[root] = new Plan.To(reductions.isReplicated() ? new Plan.Sharded(ranks) : reductions, root);
            gathersTo[root] = new Plan.To(new Plan.Star(ranks, root), root);
            scatters[root] = new Plan.Blocks(ranks, root);
        }
    }

    Plan of(final Call call) {
        final int root = call.root();
        return switch (call.collective()) {
            case ALL_REDUCE, BARRIER -> isReplicatedIfSmall && isSmall(call) ? replicated : reductions;
            case LENGTHS, ALL_GATHER_V -> shards;
            case ALL_GATHER -> gathers;
            case REDUCE_SCATTER, ALL_TO_ALL -> blocks;
            case BROADCAST -> broadcasts[root];
            case REDUCE -> reductionsTo[root];
            case GATHER -> gathersTo[root];
            case SCATTER -> scatters[root];
        };
    }

    private boolean isSmall(final Call call) {
        return call.op() != ReduceOp.MAJORITY
                && call.payloadType().sizeOf(call.count()) * (ranks - 1) <= Plan.MOST_REPLICATED;
    }
}
