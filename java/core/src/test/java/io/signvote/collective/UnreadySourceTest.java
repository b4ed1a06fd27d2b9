package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.local.LocalTransport;
import io.signvote.wire.Call;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnreadySourceTest {
    private static final int RANKS = 2;
    private static final long COUNT = 10_000;

    private final LocalTransport[] transports = LocalTransport.create(RANKS);
    private final List<LocalMembership> memberships = LocalMembership.create(RANKS);
    private final Engine[] engines = new Engine[RANKS];
    private final Latched[] sources = {new Latched(), new Latched()};

    UnreadySourceTest() {
        for (int rank = 0; rank < RANKS; rank++) {
            engines[rank] = new Engine(
                    transports[rank],
                    memberships.get(rank),
                    new ScalarKernels(),
                    System::nanoTime,
                    new RoundSettings(1, 1, RANKS, new Plan.Sharded(RANKS), 0, 0, 0, 60_000_000_000L));
        }
    }

    @AfterEach
    void closeRounds() {
        CloseHelper.closeAll(engines);
    }

    @Test
    void shouldHaveNothingToDoWhileOnlyBallotsThatAreNotReadyRemain() {
        begin();
        sources[0].isOpen = true;
        while (engines[0].doWork() + engines[1].doWork() > 0) {
            // until rank 0 waits for rank 1
        }

        final long sent = transports[1].bytesSent();
        final int asked = sources[1].asked;
        for (int i = 0; i < 100; i++) {
            assertEquals(0, engines[1].doWork(), "the idle strategy would not rest");
        }
        assertTrue(sources[1].asked > asked, "not asked again");
        assertEquals(sent, transports[1].bytesSent(), "claimed before it was ready");
        assertEquals(0, sources[1].filled);
        assertFalse(engines[0].isIdle());
    }

    @Test
    void shouldGoOnOnceTheBallotIsReady() {
        begin();
        for (int i = 0; i < 100; i++) {
            engines[0].doWork();
            engines[1].doWork();
        }
        assertEquals(0, sources[0].filled + sources[1].filled);

        sources[0].isOpen = true;
        sources[1].isOpen = true;
        while (!engines[0].isIdle() || !engines[1].isIdle()) {
            assertTrue(engines[0].doWork() + engines[1].doWork() > 0, "stalled");
        }
        assertEquals(COUNT, sources[0].filled);
        assertEquals(COUNT, sources[1].filled);
        assertEquals(-1L, UnsafeApi.getLong(engines[0].result()));
    }

    private void begin() {
        for (int rank = 0; rank < RANKS; rank++) {
            engines[rank].begin(
                    new Call()
                            .set(ReduceOp.MAJORITY, DataType.FLOAT32, COUNT, 1)
                            .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM),
                    sources[rank]);
        }
    }

    /** Votes negative on everything, once it is let. */
    private static final class Latched implements BallotSource {
        private boolean isOpen;
        private int asked;
        private long filled;

        @Override
        public boolean isReady(final long coordinate, final int count) {
            asked++;
            return isOpen;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            filled += count;
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            for (int i = 0; i < count; i++) {
                final long address = words + (i >> 3);
                final int bits = (i & 7) == 0 ? 0 : UnsafeApi.getByte(address);
                UnsafeApi.putByte(address, (byte) (bits | 1 << (i & 7)));
            }
        }
    }
}
