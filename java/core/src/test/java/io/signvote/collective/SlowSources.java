package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.SimulatedJob.Setup;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import java.util.Random;

/**
 * Ranks begin late, their sources are slow, and receivers have little room. Nothing breaks: every rank completes every round. Some
 * sources are not ready by chance. Others copy one coordinate after another, as a device does.
 */
final class SlowSources extends Disturbance {
    private static final long CAPACITY = 100_000;
    private static final long TIMEOUT_NS = 1_000_000_000L;

    private int windowFrames;
    private double[] unreadiness;
    private int[] copyNs;

    @Override
    Setup setUp(final long seed, final Random random) {
        final int ranks = 1 + random.nextInt(6);
        final Plan plan = plan(ranks, random);
        final int members = members(ranks, plan);
        windowFrames = 1 + random.nextInt(20 * members);
        final SimNetwork network = new SimNetwork(members, SimNetwork.Faults.random(random), random, windowFrames);
        final Membership membership = new SimCoordinator(network, random, 0).membership(true);
        return new Setup(ranks, plan, network, () -> membership, 1 + random.nextInt(4), TIMEOUT_NS);
    }

    @Override
    void start(final SimulatedJob job) {
        super.start(job);
        unreadiness = new double[job.members.length];
        copyNs = new int[job.members.length];
        for (int i = 0; i < job.members.length; i++) {
            unreadiness[i] = job.random.nextInt(3) * 0.45;
            copyNs[i] = job.random.nextInt(3) == 0 ? job.random.nextInt(100) : 0;
        }
    }

    /** Any call but an all-gather. An all-gather follows the round of its lengths if a rank has a byte. */
    @Override
    Call call(final int round) {
        final Random draw = Oracle.random(job.seed, 1 + round);
        final boolean isAnnounced = round > 0 && call(round - 1).collective() == Collective.LENGTHS;
        final int total = isAnnounced ? Oracle.totalLength(job.seed, job.ranks, round) : 0;
        if (total > 0) {
            return gather(Collective.ALL_GATHER_V, total, CAPACITY);
        }
        final CallKind kind = CallKind.random(draw);
        if (kind.collective().isShards()) {
            return gather(kind.collective(), 0, CAPACITY);
        }
        return Oracle.call(draw, kind, job.ranks, draw.nextBoolean() ? 100 : 8_000, round * 3L);
    }

    /** Draws the member before the step of the clock. */
    @Override
    SimulatedMember next() {
        final SimulatedMember member = job.members[job.random.nextInt(job.members.length)];
        job.network.advance(job.random.nextInt(mostStepNs()));
        return member;
    }

    @Override
    boolean mayCall(final SimulatedMember rank) {
        return job.random.nextInt(4) > 0;
    }

    /** An all-gather has the lengths that the rank received in the round before. */
    @Override
    Shards shards(final SimulatedMember rank) {
        return rank.call.collective() == Collective.ALL_GATHER_V ? rank.shards : super.shards(rank);
    }

    @Override
    boolean isSourceReady(final SimulatedMember rank, final long end) {
        return job.network.nanoTime() - rank.beganNs >= end * copyNs[rank.number]
                && job.random.nextDouble() >= unreadiness[rank.number];
    }

    @Override
    void onResult(final SimulatedMember rank) {
        super.onResult(rank);
        if (rank.call.collective() == Collective.LENGTHS) {
            assertEquals(Shards.ALL, rank.shards.read(rank.engine.result(), CAPACITY));
        }
    }

    @Override
    void onTurn() {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int rank = 0; rank < job.ranks; rank++) {
            least = Math.min(least, job.members[rank].engine.roundId());
            most = Math.max(most, job.members[rank].engine.roundId());
        }
        assertTrue(most - least <= 1, "more than one round ahead");
    }

    @Override
    void check() {
        // a frame of each stream is always open; a rank that begins a broadcast does not wait for ranks in the round
        // before
        final int frames = Math.max(windowFrames, 2 * job.members.length) + Pacing.INITIAL + 1;
        assertTrue(
                job.network.inboundLengthMost() <= (long) frames * job.members[0].transport.maxFrameLength(),
                () -> "beyond the receive window of " + windowFrames + " frames");
        for (final SimulatedMember member : job.members) {
            assertEquals(0, member.transport.aborts(), "frames of padding");
        }
    }
}
