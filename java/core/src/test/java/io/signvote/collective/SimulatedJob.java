package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.wire.DataFrame;
import java.util.Random;
import java.util.function.Supplier;
import org.agrona.CloseHelper;

/**
 * One seeded job of engines on a simulated network. Each cycle advances the clock and gives one member a turn. A
 * {@link Disturbance} makes the calls and the difficulties of the job, and it checks the results. The seed decides everything.
 */
final class SimulatedJob implements AutoCloseable {
    /** Seed of the lots that decide ties. */
    static final long LOT_SEED = 7;

    final long seed;
    final Random random;
    final SimNetwork network;
    final int ranks;
    final int roundCount;
    final long timeoutNs;
    final SimulatedMember[] members;
    final Disturbance disturbance;
    private int cycles;
    private int quietTurns;

    /** The values that a disturbance draws before the members exist. The network has one member more for a server. */
    record Setup(
            int ranks,
            Plan plan,
            SimNetwork network,
            Supplier<Membership> memberships,
            int roundCount,
            long timeoutNs) {}

    SimulatedJob(final long seed, final Disturbance disturbance) {
        this.seed = seed;
        this.disturbance = disturbance;
        random = Oracle.random(seed, 0);
        final Setup setup = disturbance.setUp(seed, random);
        ranks = setup.ranks;
        network = setup.network;
        roundCount = setup.roundCount;
        timeoutNs = setup.timeoutNs;
        final int maxFrameLength = DataFrame.HEADER_LENGTH + 32 * (4 + random.nextInt(30));
        final int fixedCredit = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
        final RoundSettings settings =
                new RoundSettings(seed, 1, ranks, setup.plan, LOT_SEED, 0, fixedCredit, timeoutNs);
        members = new SimulatedMember[network.members()];
        for (int i = 0; i < members.length; i++) {
            members[i] =
                    new SimulatedMember(this, network.transport(i, maxFrameLength), setup.memberships.get(), settings);
        }
        disturbance.start(this);
    }

    /** Runs until every awaited rank is over. Then the disturbance checks the job. */
    void run() {
        while (!isOver()) {
            assertTrue(++cycles < disturbance.mostCycles(), "a rank hangs");
            disturbance.next().turn();
            disturbance.onTurn();
        }
        disturbance.check();
    }

    /** Cycles that have begun. */
    int cycles() {
        return cycles;
    }

    /** Turns since a member had work. */
    int quietTurns() {
        return quietTurns;
    }

    /** Whether the call of a rank failed. */
    boolean hasFailed() {
        boolean hasFailed = false;
        for (int rank = 0; rank < ranks; rank++) {
            hasFailed |= members[rank].error != null;
        }
        return hasFailed;
    }

    void onWork(final int workCount) {
        quietTurns = workCount > 0 ? 0 : quietTurns + 1;
    }

    private boolean isOver() {
        for (int rank = 0; rank < disturbance.awaitedRanks(); rank++) {
            if (!members[rank].isOver()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        for (final SimulatedMember member : members) {
            CloseHelper.close(member.engine);
        }
    }
}
