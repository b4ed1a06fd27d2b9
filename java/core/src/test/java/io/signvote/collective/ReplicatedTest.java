package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.sim.ForwardingTransport;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every rank tallies all chunks: one hop, and a later call shows whether a rank told others different things. */
class ReplicatedTest {
    private static final int RANKS = 3;
    private static final int MAX_FRAME_LENGTH = DataFrame.HEADER_LENGTH + 1024;

    private final SimNetwork network =
            new SimNetwork(RANKS, new SimNetwork.Faults(1_000, 0, 0, 0, 0, 1_000), new Random(1));
    private final List<Engine> engines = new ArrayList<>();
    private final List<SimTransport> transports = new ArrayList<>();

    @AfterEach
    void close() {
        CloseHelper.closeAll(engines);
    }

    @Test
    void shouldSendOneFrameToEachRankInASmallSum() {
        start(new Plan.Sharded(RANKS), false);

        run(sum(100));

        for (final SimTransport transport : transports) {
            assertEquals(
                    (RANKS - 1) * (DataFrame.HEADER_LENGTH + 400L), transport.bytesSent(), "rank " + transport.rank());
        }
        assertEquals(6.0f, UnsafeApi.getFloat(engines.get(1).result() + 4 * 99));
    }

    @Test
    void shouldShareTheTallyOfALargeSum() {
        start(new Plan.Sharded(RANKS), false);

        run(sum(2_000));

        // 8 chunks, each with two ballots and two verdicts that cross a link
        final long headers = 8 * 2 * 2 * DataFrame.HEADER_LENGTH;
        assertEquals(
                headers + 2 * 2 * 8_000,
                transports.stream().mapToLong(SimTransport::bytesSent).sum());
    }

    @ParameterizedTest
    @EnumSource(names = {"ALL_REDUCE", "BARRIER", "REDUCE_SCATTER", "GATHER"})
    void shouldFailTheNextCallIfResultsDiffer(final Collective next) {
        start(new Plan.Sharded(RANKS), true);
        run(sum(100));
        assertEquals(6.0f, UnsafeApi.getFloat(engines.get(0).result()));
        assertEquals(7.0f, UnsafeApi.getFloat(engines.get(1).result()), "rank 2 sent 4 to rank 1, and 3 to rank 0");

        final VoteException e = assertThrows(
                VoteException.class,
                () -> run(new Call()
                        .set(next, next.isReduction() ? ReduceOp.MAX : null, type(next), 1, 0, 0)
                        .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM)));

        assertMessage(e, "hold different results of round 1", "a rank has sent different ballots");
    }

    /** Nobody reads the result of a barrier, so a rank that lies about it does no harm. */
    @Test
    void shouldGoOnAfterALieInABarrier() {
        start(new Plan.Sharded(RANKS), true);
        run(new Call()
                .set(Collective.BARRIER, null, DataType.SIGN, 1, 0, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM));

        run(sum(100));

        assertEquals(6.0f, UnsafeApi.getFloat(engines.get(1).result()));
    }

    private static DataType type(final Collective collective) {
        return collective == Collective.BARRIER ? DataType.SIGN : DataType.FLOAT32;
    }

    private static Call sum(final int count) {
        return new Call().set(ReduceOp.SUM, DataType.FLOAT32, count, 0).policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    private void start(final Plan plan, final boolean isFalse) {
        final List<LocalMembership> memberships = LocalMembership.create(RANKS);
        for (int rank = 0; rank < RANKS; rank++) {
            final SimTransport transport = network.transport(rank, MAX_FRAME_LENGTH);
            transports.add(transport);
            engines.add(new Engine(
                    rank == 2 && isFalse ? new TwoFaced(transport) : transport,
                    memberships.get(rank),
                    new ScalarKernels(),
                    network,
                    new RoundSettings(1, 1, RANKS, plan, 0, 0, 0, Long.MAX_VALUE)));
        }
    }

    private void run(final Call call) {
        for (int rank = 0; rank < RANKS; rank++) {
            final float value = rank + 1;
            engines.get(rank).begin(call, new Constant(value, call.payloadType()));
        }
        for (int cycle = 0; !engines.stream().allMatch(Engine::isIdle); cycle++) {
            network.advance(1_000);
            engines.get(cycle % RANKS).doWork();
        }
    }

    /** Every element is one number. */
    private record Constant(float value, DataType type) implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            for (int i = 0; type == DataType.FLOAT32 && i < count; i++) {
                UnsafeApi.putFloat(words + 4L * i, value);
            }
            if (type == DataType.SIGN) {
                UnsafeApi.putLong(words, 0);
            }
        }
    }

    /** Rank 2 says 4 to rank 1 in round 1, and 3 to rank 0. */
    private static final class TwoFaced extends ForwardingTransport {
        private TwoFaced(final SimTransport honest) {
            super(honest);
        }

        @Override
        public Claim newClaim() {
            return new Altered(honest.newClaim());
        }

        @Override
        public int tryClaim(final int peer, final int length, final Claim target) {
            ((Altered) target).peer = peer;
            return honest.tryClaim(peer, length, ((Altered) target).claim);
        }

        private static final class Altered implements Claim {
            private static final int ROUND = 16;

            private final Claim claim;
            private int peer;

            private Altered(final Claim claim) {
                this.claim = claim;
            }

            @Override
            public MutableDirectBuffer buffer() {
                return claim.buffer();
            }

            @Override
            public int offset() {
                return claim.offset();
            }

            @Override
            public void commit() {
                if (peer == 1 && buffer().getLong(offset() + ROUND) == 1) {
                    buffer().putFloat(offset() + DataFrame.HEADER_LENGTH, 4);
                }
                claim.commit();
            }

            @Override
            public void abort() {
                claim.abort();
            }
        }
    }
}
