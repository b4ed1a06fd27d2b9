package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.Words;
import io.signvote.collective.SimulatedJob.Setup;
import io.signvote.error.VoteException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.Transport;
import io.signvote.transport.sim.LyingTransport;
import io.signvote.transport.sim.LyingTransport.Temper;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The last rank lies, and the job runs until every honest rank is over. A first, larger round leaves room behind the results of
 * later rounds. The job paints this room, so a write beyond a result spoils the paint.
 */
final class Liar extends Disturbance {
    private static final long TIMEOUT_NS = 100_000_000L;
    private static final int LARGEST = 6_000;
    private static final int ROUNDS = 4;
    private static final byte PAINT = (byte) 0xA5;

    private final Temper temper;
    private final List<byte[][]> results = new ArrayList<>();
    private Random random;
    private int liar;
    private int server;
    private boolean hasTrustedTallier;
    private LyingTransport lying;
    private VoteException error;
    private int completed;

    Liar(final Temper temper) {
        this.temper = temper;
    }

    @Override
    Setup setUp(final long seed, final Random random) {
        this.random = random;
        final int ranks = 2 + random.nextInt(5);
        final Plan plan = plan(ranks, random);
        liar = ranks - 1;
        server = hasServer(ranks, plan) ? ranks : -1;
        // a rank that tallies must be trusted: if the liar tallies, only its manners are checked
        hasTrustedTallier = plan instanceof Plan.Star;
        final SimNetwork.Faults drawn = SimNetwork.Faults.random(random);
        final SimNetwork.Faults faults = new SimNetwork.Faults(
                drawn.maxDelayNs(), drawn.loss(), drawn.repetition(), drawn.backPressure(), 0, drawn.linkFrames());
        final SimNetwork network = new SimNetwork(members(ranks, plan), faults, random);
        final Membership membership = new SimCoordinator(network, random, 0).membership(true);
        // lies fill the links: ranks that must complete get time to do so
        final long timeoutNs = temper != Temper.RECKLESS ? 10 * TIMEOUT_NS : TIMEOUT_NS;
        return new Setup(ranks, plan, network, () -> membership, ROUNDS, timeoutNs);
    }

    @Override
    Transport transport(final SimTransport honest) {
        if (honest.rank() != liar) {
            return honest;
        }
        lying = new LyingTransport(honest, temper, !hasTrustedTallier, server, random);
        return lying;
    }

    /** The first call is a sum and the largest. A liar is no root. */
    @Override
    Call call(final int round) {
        final Random draw = Oracle.random(job.seed, 1 + round);
        if (round == 0) {
            return new Call()
                    .set(ReduceOp.SUM, DataType.FLOAT32, LARGEST, 0)
                    .policies(ZeroPolicy.RANDOM, TiePolicy.values()[draw.nextInt(3)]);
        }
        final CallKind kind = CallKind.random(draw);
        if (kind.collective().isShards()) {
            return gather(kind.collective(), Oracle.totalLength(job.seed, job.ranks, round), Call.MAX_COUNT);
        }
        final Call call = Oracle.call(draw, kind, job.ranks, 2_000, round * 3L);
        return call.root() < liar
                ? call
                : call.set(call.collective(), call.op(), call.type(), call.count(), call.step(), call.root() - 1);
    }

    @Override
    int awaitedRanks() {
        return liar;
    }

    @Override
    SimulatedMember next() {
        final SimulatedMember member = super.next();
        if (member.number == liar && random.nextInt(8) == 0) {
            lying.lie(random.nextInt(job.members.length));
        }
        return member;
    }

    /** The liar's ballots hold any bits, and also behind the last coordinate. */
    @Override
    byte[] ballot(final SimulatedMember rank) {
        final byte[] ballot = super.ballot(rank);
        if (rank.number == liar) {
            random.nextBytes(ballot);
        }
        return ballot;
    }

    @Override
    void onBegin(final SimulatedMember rank) {
        if (rank.done > 0) {
            final long length = length(rank);
            UnsafeApi.setMemory(rank.engine.result() + length, largestLength() - length, PAINT);
        }
    }

    @Override
    void onResult(final SimulatedMember rank) {
        final int round = rank.done;
        final int length = (int) length(rank);
        final byte[] bytes = new byte[round == 0 ? length : (int) largestLength()];
        new UnsafeBuffer(rank.engine.result(), bytes.length).getBytes(0, bytes);
        for (int i = length; i < bytes.length; i++) {
            assertEquals(PAINT, bytes[i], "written beyond the result, rank=" + rank.number + " at byte " + i);
        }
        while (results.size() <= round) {
            results.add(new byte[liar + 1][]);
        }
        if (Oracle.hasResult(rank.call, rank.number)) {
            results.get(round)[rank.number] = Oracle.held(rank.engine.result(), rank.call, rank.shards, job.ranks);
        }
        completed += rank.number < liar ? 1 : 0;
    }

    private long length(final SimulatedMember rank) {
        return rank.shards == null ? Oracle.heldLength(rank.call, job.ranks) : rank.shards.extent();
    }

    private static long largestLength() {
        return DataType.FLOAT32.sizeOf(LARGEST);
    }

    /** Every honest rank ends within its time, with an error that names a rank. */
    @Override
    void onError(final SimulatedMember member, final VoteException e) {
        error = error == null ? e : error;
        final long tookNs = job.network.nanoTime() - member.beganNs;
        assertFalse(e.ranks().isEmpty(), e::toString);
        assertTrue(
                member.number >= liar || tookNs <= 2 * job.timeoutNs,
                () -> member.number + " took " + tookNs + " ns: " + e);
    }

    /** Whether only a rank tallies that does not lie. */
    boolean hasTrustedTallier() {
        return hasTrustedTallier;
    }

    /** The rank that lies. */
    int rank() {
        return liar;
    }

    /** The first error of a member, or null. */
    VoteException error() {
        return error;
    }

    /** Results that honest ranks have. */
    int completed() {
        return completed;
    }

    /** Frames that honest members counted and dropped. */
    long dropped() {
        long dropped = 0;
        for (final SimulatedMember member : job.members) {
            final FrameCounters counters = member.engine.counters();
            dropped += member.number == liar ? 0 : counters.malformed() + counters.repeated() + counters.stale();
        }
        return dropped;
    }

    /** Honest ranks agree. If more than one vote decides, the liar changed nothing. */
    @Override
    void check() {
        for (int round = 0; round < results.size(); round++) {
            final Call call = call(round);
            if (call.collective().isShards() || call.collective().isInBlocks()) {
                checkOwn(call, round);
            } else if (hasTrustedTallier) {
                check(call, round);
            }
        }
    }

    private void check(final Call call, final int round) {
        byte[] first = null;
        for (int rank = 0; rank < liar; rank++) {
            final byte[] result = results.get(round)[rank];
            if (result != null) {
                first = first == null ? result : first;
                assertArrayEquals(first, result, "ranks disagree about " + call);
                checkReduced(call, result, each -> ballot(call, round, each));
            }
        }
    }

    /** Each rank has a result that no other rank has tallied. */
    private void checkOwn(final Call call, final int round) {
        for (int rank = 0; rank < liar; rank++) {
            final byte[] result = results.get(round)[rank];
            if (result == null) {
                continue;
            }
            if (call.collective() == Collective.REDUCE_SCATTER) {
                final int block = rank;
                checkReduced(call, result, each -> Oracle.block(call, block, ballot(call, round, each)));
            } else {
                checkGathered(call, round, rank, result);
            }
        }
    }

    private byte[] ballot(final Call call, final int round, final int rank) {
        return Oracle.ballot(job.seed, rank, round, call, job.ranks);
    }

    /** The last shard or block is the liar's, but in a scatter. The liar may send other bytes to each rank. */
    private void checkGathered(final Call call, final int round, final int rank, final byte[] result) {
        final byte[] expected = Oracle.result(call, rank, job.ranks, 0, 0, each -> ballot(call, round, each));
        final int lies = call.collective() == Collective.SCATTER
                ? 0
                : call.collective().isInBlocks() ? expected.length / job.ranks : ballot(call, round, liar).length;
        final int honest = expected.length - lies;
        assertEquals(expected.length, result.length);
        assertArrayEquals(Arrays.copyOf(expected, honest), Arrays.copyOf(result, honest), call::toString);
    }

    private void checkReduced(final Call call, final byte[] result, final IntFunction<byte[]> ballots) {
        if (call.collective() == Collective.BROADCAST) {
            assertArrayEquals(ballots.apply(call.root()), result);
            return;
        }
        if (call.payloadType() != DataType.SIGN) {
            return;
        }
        final UnsafeBuffer words = new UnsafeBuffer(result);
        assertEquals(Words.length(call.count()), result.length);
        assertTrue(
                call.count() == 0 || (words.getLong(result.length - 8) & ~Words.tailMask(call.count())) == 0,
                "dirty tail");
        if (!call.isVote()) {
            return;
        }
        final int[] balance = new int[(int) call.count()];
        for (int rank = 0; rank < liar; rank++) {
            final byte[] ballot = ballots.apply(rank);
            for (int i = 0; i < balance.length; i++) {
                balance[i] += isNegative(ballot, i) ? -1 : 1;
            }
        }
        for (int i = 0; i < balance.length; i++) {
            if (Math.abs(balance[i]) > 1) {
                assertEquals(balance[i] < 0, isNegative(result, i), "coordinate=" + i + " of " + call);
            }
        }
    }

    private static boolean isNegative(final byte[] bits, final int coordinate) {
        return (bits[coordinate >> 3] >> (coordinate & 7) & 1) == 1;
    }
}
