package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.SimulatedJob.Setup;
import io.signvote.error.VoteException;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import java.util.Random;

/**
 * One thing goes wrong at one member, the odd one. The failure reaches the other members after a delay, or never. Every rank must
 * end by its deadline, and each round that it completes must be the oracle's. A rank that has failed calls again now and then, and
 * gets the same error each time.
 */
abstract class Breakdown extends Disturbance {
    static final long TIMEOUT_NS = 100_000_000L;
    static final long CAPACITY = 1 << 14;
    private static final long MOST_DELAY_NS = 4_000_000L;
    private static final int MOST_CALLS_AGAIN = 5;

    /** The odd member, and the round and the chunk in which it may act. */
    int odd;

    int oddRound;
    int oddFill;
    private int[] callsAgain;

    @Override
    Setup setUp(final long seed, final Random random) {
        final int ranks = 2 + random.nextInt(5);
        final int roundCount = 1 + random.nextInt(4);
        final Plan plan = plan(ranks, random);
        final SimNetwork network = new SimNetwork(members(ranks, plan), SimNetwork.Faults.random(random), random);
        final long mostDelayNs = random.nextInt(3) * MOST_DELAY_NS / 2;
        final boolean isTold = drawIsTold(random);
        final SimCoordinator coordinator =
                new SimCoordinator(network, Oracle.random(seed, 2_000), mostDelayNs, suspicionTimeoutNs());
        return new Setup(ranks, plan, network, () -> coordinator.membership(isTold), roundCount, timeoutNs());
    }

    @Override
    void start(final SimulatedJob job) {
        super.start(job);
        odd = job.random.nextInt(candidates());
        oddRound = job.random.nextInt(job.roundCount);
        oddFill = job.random.nextInt(20);
        callsAgain = new int[job.ranks];
    }

    /** Draws whether a failure reaches the other members. If not, each member must find its own. */
    boolean drawIsTold(final Random random) {
        return true;
    }

    long timeoutNs() {
        return TIMEOUT_NS;
    }

    long suspicionTimeoutNs() {
        return 0;
    }

    /** Members that may be the odd one. */
    int candidates() {
        return job.ranks;
    }

    /** Whether the trouble has begun. From then on there is little to do but to wait, so the clock runs faster. */
    abstract boolean isStruck();

    /** Checks a rank after the job. */
    abstract void check(SimulatedMember rank);

    @Override
    int mostCycles() {
        return 2_000_000;
    }

    @Override
    int mostStepNs() {
        return isStruck() ? 50_000 : 2_000;
    }

    @Override
    Call call(final int round) {
        final Random draw = Oracle.random(job.seed, 1 + round);
        final CallKind kind = CallKind.random(draw);
        if (kind.collective().isShards()) {
            return gather(kind.collective(), Oracle.totalLength(job.seed, job.ranks, round), CAPACITY);
        }
        return Oracle.call(draw, kind, job.ranks, 2_000, round * 3L);
    }

    @Override
    boolean isSourceReady(final SimulatedMember rank, final long end) {
        return job.random.nextInt(10) > 0;
    }

    @Override
    boolean isLeaving() {
        return true;
    }

    @Override
    void onError(final SimulatedMember member, final VoteException error) {
        final long tookNs = tookNs(member);
        assertTrue(!member.isRank() || tookNs <= mostNs(), () -> member.number + " took " + tookNs + " ns: " + error);
        assertTrue(
                !member.isRank() || member.isReady() || !member.engine.isIdle(), "a round that failed looks complete");
        assertSame(error, assertThrows(VoteException.class, member.engine::doWork), "it stays failed");
    }

    /** Time from the beginning of the call, or from the trouble, until now. */
    long tookNs(final SimulatedMember member) {
        return job.network.nanoTime() - member.beganNs;
    }

    /** Bound of {@link #tookNs}. */
    long mostNs() {
        return 2 * TIMEOUT_NS;
    }

    /** A program that catches the error and goes on. */
    @Override
    void onTurnAfterEnd(final SimulatedMember member) {
        if (member.error == null
                || !member.isRank()
                || callsAgain[member.number] == MOST_CALLS_AGAIN
                || job.random.nextInt(20) > 0) {
            return;
        }
        callsAgain[member.number]++;
        final Call again = call(job.random.nextInt(job.roundCount));
        final Shards shards = Oracle.shards(job.seed, job.ranks, 0, again);
        assertSame(
                member.error,
                assertThrows(VoteException.class, () -> member.engine.begin(again, member.source, shards)),
                "a call after the error");
        assertSame(
                member.error, assertThrows(VoteException.class, member.engine::doWork), "a duty cycle after the error");
    }

    @Override
    void check() {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int rank = 0; rank < job.ranks; rank++) {
            final SimulatedMember member = job.members[rank];
            least = Math.min(least, member.done);
            most = Math.max(most, member.done);
            check(member);
        }
        assertTrue(most - least <= 1, "more than one round apart");
    }
}
