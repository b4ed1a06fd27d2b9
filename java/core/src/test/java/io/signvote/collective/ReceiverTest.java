package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

class ReceiverTest {
    private static final int RANKS = 2;
    private static final Call SUM = new Call().set(ReduceOp.SUM, DataType.FLOAT32, 1, 0);

    @Test
    void shouldNotCountAFrameOfItsOwnBesideItsOwnBallot() {
        final SimNetwork network = new SimNetwork(RANKS, new SimNetwork.Faults(1, 0, 0, 0, 0, 40), new Random(1));
        final Engine[] engines = new Engine[RANKS];
        for (int rank = 0; rank < RANKS; rank++) {
            engines[rank] = new Engine(
                    network.transport(rank, 1024),
                    LocalMembership.create(RANKS).get(rank),
                    new ScalarKernels(),
                    network,
                    new RoundSettings(5, 1, RANKS, new Plan.Star(RANKS, 0), 0, 0, 0, 1_000_000));
        }
        final SimTransport self = network.transport(0, 1024);
        final Claim claim = self.newClaim();
        self.tryClaim(0, DataFrame.HEADER_LENGTH + 4, claim);
        new DataFrame(5, 1).write(claim.buffer(), claim.offset(), DataFrame.BALLOT, 1, SUM, 0, 1, 0, 8);
        claim.buffer().putFloat(claim.offset() + DataFrame.HEADER_LENGTH, 40);
        claim.commit();
        network.advance(10);

        for (int rank = 0; rank < RANKS; rank++) {
            engines[rank].begin(SUM, new One(1 + rank));
        }
        for (int cycle = 0; !engines[0].isIdle() || !engines[1].isIdle(); cycle++) {
            assertTrue(cycle < 100, "stalled");
            engines[cycle % RANKS].doWork();
            network.advance(10);
        }

        assertEquals(1, engines[0].counters().malformed());
        assertEquals(3, UnsafeApi.getFloat(engines[0].result()));
        assertEquals(3, UnsafeApi.getFloat(engines[1].result()));
        CloseHelper.closeAll(engines);
    }

    private record One(float value) implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.putFloat(words, value);
        }
    }
}
