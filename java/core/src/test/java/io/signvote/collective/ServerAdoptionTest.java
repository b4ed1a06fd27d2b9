package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ProtocolException;
import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server learns of a call from a frame, and must not believe everything. */
class ServerAdoptionTest {
    private static final int COUNT = 256;

    private final SimNetwork network = new SimNetwork(3, new SimNetwork.Faults(1, 0, 0, 0, 0, 40), new Random(1));
    private final Engine server = new Engine(
            network.transport(2, 1024),
            LocalMembership.create(3).get(2),
            new ScalarKernels(),
            network,
            new RoundSettings(5, 1, 2, new Plan.Star(2, 2), 0, 0, 0, 1_000_000));

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Call.MAX_COUNT + 1, 1L << 40, Long.MAX_VALUE / 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldDropACountThatNoCallHas(final long count) {
        cast(0, 1, count);

        server.doWork();

        assertTrue(server.isIdle());
        assertEquals(0, server.roundId());
        assertEquals(1, server.counters().malformed());
    }

    /** Every rank casts ballots in each round of a server. So one of the two ranks is wrong, and the server cannot know which. */
    @ParameterizedTest
    @ValueSource(longs = {1, 4, 6, 1000})
    void shouldNameBothRanksThatCastInDifferentRounds(final long other) {
        cast(1, 5, COUNT);
        server.doWork();
        assertEquals(5, server.roundId());
        cast(0, other, COUNT);

        final VoteException error = assertThrows(ProtocolException.class, server::doWork);

        assertEquals(List.of(0, 1), error.ranks());
        assertMessage(error, "rank 1 casts ballots in round 5", "rank 0 casts ballots in round " + other);
    }

    /** A rank that has cast all its ballots may be in the next round while the server still waits for others. */
    @Test
    void shouldLeaveABallotOfTheNextRoundInTheLog() {
        cast(1, 5, COUNT);
        cast(1, 6, COUNT);

        assertEquals(1, server.doWork());

        assertEquals(5, server.roundId());
        assertEquals(0, server.doWork());
    }

    @Test
    void shouldNameBothRanksWhoseCallsDiffer() {
        cast(1, 1, COUNT);
        server.doWork();
        cast(0, 1, COUNT + 1);

        final VoteException error = assertThrows(ProtocolException.class, server::doWork);

        assertEquals(List.of(0, 1), error.ranks());
    }

    private void cast(final int rank, final long roundId, final long count) {
        final SimTransport voter = network.transport(rank, 1024);
        final Claim claim = voter.newClaim();
        voter.tryClaim(2, DataFrame.HEADER_LENGTH + 32, claim);
        final Call call = new Call().set(ReduceOp.MAJORITY, DataType.SIGN, count, 1);
        new DataFrame(5, 1).write(claim.buffer(), claim.offset(), DataFrame.BALLOT, roundId, call, 0, COUNT, 0, 8);
        claim.commit();
        network.advance(10);
    }
}
