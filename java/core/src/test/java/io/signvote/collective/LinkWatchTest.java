package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.PeerLostException;
import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.wire.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links of a simulated network die while all members live. */
class LinkWatchTest {
    private static final long SUSPICION_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int RANKS = 4;

    private final SimNetwork network =
            new SimNetwork(RANKS, new SimNetwork.Faults(50_000, 0, 0, 0, 0, 40), new Random(1));
    private final List<Engine> engines = new ArrayList<>();
    private final List<Failure> suspicions = new ArrayList<>();
    private final VoteException[] errors = new VoteException[RANKS];
    private final Call call = new Call().set(ReduceOp.SUM, DataType.FLOAT32, 1000, 1);
    private boolean areAllHeard = true;
    private Failure failure;

    LinkWatchTest() {
        for (int rank = 0; rank < RANKS; rank++) {
            final RoundSettings settings =
                    new RoundSettings(7, 1, RANKS, new Plan.Sharded(RANKS), 0, 0, 0, TimeUnit.SECONDS.toNanos(300));
            engines.add(new Engine(network.transport(rank, 1408), new Told(), new ScalarKernels(), network, settings));
        }
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(engines);
    }

    @Test
    void shouldNameBothEndsOfALinkThatIsDeadOneWay() {
        network.cut(2, 1);
        begin();

        final long tookNs = runFor(SUSPICION_NS);

        assertTrue(tookNs < SUSPICION_NS, "took " + tookNs + " ns");
        for (final VoteException error : errors) {
            assertEquals(
                    List.of(1, 2),
                    assertInstanceOf(PeerLostException.class, error).ranks());
            assertMessage(error, "nothing arrives at rank 1 from rank 2", "round=1");
            assertFalse(error.getMessage().contains("at this end"), error.getMessage());
        }
    }

    @Test
    void shouldNameBothEndsWhereEachBlamesTheOther() {
        areAllHeard = false;
        network.cut(0, 3);
        network.cut(3, 0);
        begin();

        runFor(SUSPICION_NS);

        assertTrue(
                suspicions.stream().anyMatch(told -> told.message().contains("nothing arrives at rank 0 from rank 3")));
        assertTrue(
                suspicions.stream().anyMatch(told -> told.message().contains("nothing arrives at rank 3 from rank 0")));
        suspicions.forEach(told -> assertEquals(List.of(0, 3), told.ranks()));
        assertNull(failure);
    }

    @Test
    void shouldGoOnWhereTheLinkIsHealedInTime() {
        network.cut(2, 1);
        begin();
        runFor(SUSPICION_NS / 2);
        assertFalse(engines.get(1).isIdle());

        network.heal(2, 1);
        runFor(SUSPICION_NS);

        assertEquals(List.of(), suspicions);
        engines.forEach(engine -> assertTrue(engine.isIdle()));
    }

    /** A member that stood still sees all its links dead until its driver has run. */
    @Test
    void shouldSuspectNoLinkAfterAPauseOfItsOwn() {
        network.cut(2, 1);
        begin();
        runFor(SUSPICION_NS / 2);

        network.advance(3 * SUSPICION_NS);
        turn();
        network.heal(2, 1);
        runFor(SUSPICION_NS);

        assertEquals(List.of(), suspicions);
        engines.forEach(engine -> assertTrue(engine.isIdle()));
    }

    /** The stopped member and its peers look as dead to each other as a cut link: nobody is blamed, and they are asked again. */
    @Test
    void shouldSuspectAgainWhileAnEndIsNotHeard() {
        areAllHeard = false;
        network.cut(2, 1);
        begin();

        runFor(SUSPICION_NS);
        assertNull(failure);
        final int asked = suspicions.size();
        assertTrue(asked >= 2 && asked <= 5, "asked " + asked + " times");
        areAllHeard = true;
        runFor(TimeUnit.SECONDS.toNanos(2));

        assertEquals(List.of(1, 2), failure.ranks());
    }

    /** No round needs it: a link that is dead harms nobody yet. */
    @Test
    void shouldNotLookAtLinksBetweenRounds() {
        network.cut(2, 1);

        runFor(3 * SUSPICION_NS);

        assertEquals(List.of(), suspicions);
    }

    private void begin() {
        for (int rank = 0; rank < RANKS; rank++) {
            engines.get(rank).begin(call, new Ones());
        }
    }

    /** Drives all engines until the time is over or all have failed. */
    private long runFor(final long ns) {
        final long startNs = network.nanoTime();
        while (network.nanoTime() - startNs < ns && (failure == null || errors[0] == null || hasMoreToFail())) {
            network.advance(STEP_NS);
            turn();
        }
        return network.nanoTime() - startNs;
    }

    private boolean hasMoreToFail() {
        for (final VoteException error : errors) {
            if (error == null) {
                return true;
            }
        }
        return false;
    }

    private void turn() {
        for (int rank = 0; rank < RANKS; rank++) {
            try {
                if (errors[rank] == null) {
                    engines.get(rank).doWork();
                }
            } catch (final VoteException e) {
                errors[rank] = e;
            }
        }
    }

    private static final class Ones implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            for (int i = 0; i < count; i++) {
                UnsafeApi.putFloat(words + 4L * i, 1);
            }
        }
    }

    /** A coordinator that hears all members, or not. */
    private final class Told implements Membership {
        @Override
        public Failure failure() {
            return failure;
        }

        @Override
        public void fail(final Failure asked) {
            failure = failure == null ? asked : failure;
        }

        @Override
        public void suspect(final Failure asked) {
            suspicions.add(asked);
            if (areAllHeard) {
                fail(asked);
            }
        }

        @Override
        public long suspicionTimeoutNs() {
            return SUSPICION_NS;
        }

        @Override
        public void close() {}
    }
}
