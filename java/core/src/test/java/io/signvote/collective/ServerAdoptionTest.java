package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server learns of a call from a frame, and must not believe everything. */
class ServerAdoptionTest {
    @ParameterizedTest
    @ValueSource(longs = {-1, Call.MAX_COUNT + 1, 1L << 40, Long.MAX_VALUE / 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldDropACountThatNoCallHas(final long count) {
        final SimNetwork network = new SimNetwork(3, new SimNetwork.Faults(1, 0, 0, 0, 0, 40), new Random(1));
        final RoundSettings settings = new RoundSettings(5, 1, 2, new Plan.Star(2, 2), 0, 0, 0, 1_000_000);
        try (Engine server = new Engine(
                network.transport(2, 1024), LocalMembership.create(3).get(2), new ScalarKernels(), network, settings)) {
            final SimTransport voter = network.transport(0, 1024);
            final Claim claim = voter.newClaim();
            voter.tryClaim(2, 128, claim);
            final Call call = new Call().set(Operation.MAJORITY, DataType.SIGN, count, 1, 0);
            new DataFrame(5, 1).write(claim.buffer(), claim.offset(), DataFrame.BALLOT, 1, call, 0, 512, 0, 8);
            claim.commit();
            network.advance(10);

            server.doWork();

            assertTrue(server.isIdle());
            assertEquals(0, server.roundId());
            assertEquals(1, server.counters().malformed());
        }
    }
}
