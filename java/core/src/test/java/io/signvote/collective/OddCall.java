package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import java.util.Arrays;
import org.agrona.UnsafeApi;

/** One rank calls something else in one round, or close(). Every rank must get an error that names both calls. */
final class OddCall extends Breakdown {
    private static final String CLOSE = "close()";

    private String oddCall;

    @Override
    boolean isStruck() {
        return false;
    }

    @Override
    Call ownCall(final SimulatedMember rank) {
        if (rank.number != odd || rank.done != oddRound) {
            return super.ownCall(rank);
        }
        final Call own = otherCall();
        oddCall = own == null ? CLOSE : own.toString();
        return own;
    }

    /** Another call than the usual one, or null for close(). */
    private Call otherCall() {
        final Call usual = call(oddRound);
        final Call other = call(oddRound);
        final int root = (usual.root() + 1) % job.ranks;
        final long count = usual.count();
        final long step = usual.step();
        return switch (job.random.nextInt(9)) {
            case 0 -> other.set(usual.collective(), usual.op(), usual.type(), count + 1, step, usual.root());
            case 1 -> other.set(Collective.BROADCAST, null, DataType.FLOAT32, count, step, root);
            case 2 -> {
                final boolean isSum = usual.op() == ReduceOp.SUM;
                yield other.set(isSum ? ReduceOp.MAJORITY : ReduceOp.SUM, DataType.FLOAT32, count, step);
            }
            case 3 -> other.set(ReduceOp.MAJORITY, DataType.SIGN, count + 3, step + 1);
            case 4 -> other.set(Collective.BARRIER, null, DataType.SIGN, 1, step + 1, 0);
            case 5 -> other.set(Collective.LENGTHS, null, DataType.UINT8, CAPACITY + 1, 0, 0);
            case 6, 7 -> anyCall(step + 1);
            default -> null;
        };
    }

    private Call anyCall(final long step) {
        CallKind kind = CallKind.random(job.random);
        while (kind.collective().isShards()) {
            kind = CallKind.random(job.random);
        }
        return Oracle.call(job.random, kind, job.ranks, 2_000, step);
    }

    /** The shard of the odd rank may have one byte more than the other ranks expect. */
    @Override
    Shards shards(final SimulatedMember rank) {
        final Shards shards = super.shards(rank);
        final Call own = rank.call;
        if (own.collective() != Collective.ALL_GATHER_V || shards.totalLength() == own.count()) {
            return shards;
        }
        try (OffHeap lengths = new OffHeap(job.ranks * 8L)) {
            for (int i = 0; i < job.ranks; i++) {
                UnsafeApi.putLong(lengths.address() + i * 8L, shards.length(i) + (i == rank.number ? 1 : 0));
            }
            shards.read(lengths.address(), own.count());
        }
        return shards;
    }

    @Override
    byte[] ballot(final SimulatedMember rank) {
        final byte[] ballot = super.ballot(rank);
        final boolean isShard = rank.call.collective() == Collective.ALL_GATHER_V;
        return isShard ? Arrays.copyOf(ballot, (int) rank.shards.length(rank.number)) : ballot;
    }

    @Override
    void check(final SimulatedMember rank) {
        final VoteException error = rank.error;
        final String usual = call(oddRound).toString();
        final String what =
                "rank=" + rank.number + " odd=" + odd + " calls " + oddCall + ", not " + usual + ": " + error;
        assertInstanceOf(ProtocolException.class, error, what);
        assertTrue(error.getMessage().contains(usual) && error.getMessage().contains(oddCall), what);
        assertTrue(!oddCall.equals(CLOSE) || error.getMessage().contains(afterCalls()), what);
        // a rank may still be in the round before when the others find out
        assertTrue(oddRound - rank.done <= 1 && rank.done <= oddRound, what);
    }

    /** The error says this of a rank that closes. An all-gather is one call of two rounds. */
    private String afterCalls() {
        int made = 0;
        for (int round = 0; round < oddRound; round++) {
            made += call(round).collective() == Collective.ALL_GATHER_V ? 0 : 1;
        }
        final boolean isWithinACall = call(oddRound).collective() == Collective.ALL_GATHER_V;
        return isWithinACall ? CLOSE : "rank " + odd + " called close() after " + made + " call";
    }
}
