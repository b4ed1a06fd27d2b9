package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.Words;
import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.LyingTransport;
import io.signvote.transport.sim.LyingTransport.Temper;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One seeded job whose last rank lies. A first, larger round leaves room behind the results of later ones, which is painted:
 * who writes beyond a result spoils the paint.
 */
final class LiarJob implements AutoCloseable {
    private static final long TIMEOUT_NS = 100_000_000L;
    private static final int MOST_CYCLES = 20_000_000;
    private static final int LARGEST = 6_000;
    private static final int ROUNDS = 4;
    private static final byte PAINT = (byte) 0xA5;

    private final Random random;
    private final SimNetwork network;
    private final Membership membership;
    private final long seed;
    private final int ranks;
    private final boolean hasTrustedTallier;
    private final Engine[] engines;
    private final Source[] sources;
    private final Call[] calls;
    private final LyingTransport liar;
    private final int liarRank;
    private final long timeoutNs;
    private final List<byte[][]> results = new ArrayList<>();
    private VoteException error;
    private int completed;

    LiarJob(final long seed, final Temper temper) {
        this.seed = seed;
        random = Oracle.random(seed, 0);
        ranks = 2 + random.nextInt(5);
        final int planKind = random.nextInt(3);
        final boolean hasServer = planKind == 2;
        // a rank that tallies must be trusted: where the liar does, only its manners are looked at
        hasTrustedTallier = planKind != 0;
        final Plan plan = planKind == 0 ? new Plan.Sharded(ranks) : new Plan.Star(ranks, hasServer ? ranks : 0);
        final int members = hasServer ? ranks + 1 : ranks;
        network = new SimNetwork(members, faults(), random);
        membership = new SimCoordinator(network, random, 0).membership(true);
        final int maxFrameLength = DataFrame.HEADER_LENGTH + 32 * (4 + random.nextInt(30));
        final int fixedCredit = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
        engines = new Engine[members];
        sources = new Source[members];
        calls = new Call[members];
        // lies fill the links: who must complete gets time to do so
        timeoutNs = temper != Temper.RECKLESS ? 10 * TIMEOUT_NS : TIMEOUT_NS;
        LyingTransport lying = null;
        for (int i = 0; i < members; i++) {
            final SimTransport transport = network.transport(i, maxFrameLength);
            lying = i == ranks - 1
                    ? new LyingTransport(transport, temper, !hasTrustedTallier, hasServer ? ranks : -1, random)
                    : lying;
            engines[i] = new Engine(
                    i == ranks - 1 ? lying : transport,
                    membership,
                    new ScalarKernels(),
                    network,
                    new RoundSettings(seed, 1, ranks, plan, 7, 0, fixedCredit, timeoutNs));
            sources[i] = new Source(i);
            calls[i] = new Call();
        }
        liar = lying;
        liarRank = ranks - 1;
    }

    private SimNetwork.Faults faults() {
        final SimNetwork.Faults drawn = SimNetwork.Faults.random(random);
        return new SimNetwork.Faults(
                drawn.maxDelayNs(), drawn.loss(), drawn.repetition(), drawn.backPressure(), 0, drawn.linkFrames());
    }

    /** Rank that lies. */
    int liar() {
        return liarRank;
    }

    /** Runs until every honest rank has completed all rounds or has failed. */
    void run() {
        final int[] done = new int[engines.length];
        final boolean[] isRunning = new boolean[engines.length];
        final long[] beganNs = new long[engines.length];
        int over = 0;
        int cycles = 0;
        while (over < ranks - 1) {
            assertTrue(++cycles < MOST_CYCLES, "an honest rank hangs");
            network.advance(random.nextInt(2_000));
            final int member = random.nextInt(engines.length);
            if (member == ranks - 1 && random.nextInt(8) == 0) {
                liar.lie(random.nextInt(engines.length));
            }
            if (member < ranks && done[member] == ROUNDS) {
                continue;
            }
            try {
                if (member < ranks && !isRunning[member]) {
                    beganNs[member] = network.nanoTime();
                    begin(member, done[member]);
                    isRunning[member] = true;
                }
                engines[member].doWork();
            } catch (final VoteException e) {
                onError(member, network.nanoTime() - beganNs[member], e);
                over += member < ranks - 1 ? 1 : 0;
                done[member] = ROUNDS;
                continue;
            }
            if (member < ranks && engines[member].isIdle()) {
                keep(member, done[member]);
                isRunning[member] = false;
                done[member]++;
                over += member < ranks - 1 && done[member] == ROUNDS ? 1 : 0;
            }
        }
    }

    /** Every honest rank ends within its time, with an error that names a rank. */
    private void onError(final int member, final long tookNs, final VoteException e) {
        error = error == null ? e : error;
        assertFalse(e.ranks().isEmpty(), e::toString);
        assertTrue(member >= liarRank || tookNs <= 2 * timeoutNs, () -> member + " took " + tookNs + " ns: " + e);
    }

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
        for (int i = 0; i < engines.length; i++) {
            final FrameCounters counters = engines[i].counters();
            dropped += i == ranks - 1 ? 0 : counters.malformed() + counters.repeated() + counters.stale();
        }
        return dropped;
    }

    /** Honest ranks agree, and where more than one vote decides the liar changed nothing. */
    void checkVotes() {
        for (int round = 0; round < results.size(); round++) {
            final Call call = call(new Call(), round);
            if (!hasTrustedTallier && !call.operation().isGather()) {
                continue;
            }
            final byte[][] of = results.get(round);
            byte[] first = null;
            for (int rank = 0; rank < ranks - 1; rank++) {
                if (of[rank] == null) {
                    continue;
                }
                if (call.operation().isGather()) {
                    checkGathered(call, round, of[rank]);
                    continue;
                }
                first = first == null ? of[rank] : first;
                assertArrayEquals(first, of[rank], "ranks disagree about " + call);
                check(call, round, of[rank]);
            }
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(engines);
    }

    /** What the liar has is its own affair, and may be told to each rank differently; the last shard is its. */
    private void checkGathered(final Call call, final int round, final byte[] result) {
        final byte[] expected = Oracle.result(call, ranks, 0, 0, rank -> Oracle.ballot(seed, rank, round, call));
        final int honest = expected.length - Oracle.ballot(seed, liarRank, round, call).length;
        assertEquals(expected.length, result.length);
        assertArrayEquals(Arrays.copyOf(expected, honest), Arrays.copyOf(result, honest), call::toString);
    }

    private void check(final Call call, final int round, final byte[] result) {
        if (call.operation() == Operation.BROADCAST) {
            assertArrayEquals(Oracle.ballot(seed, call.root(), round, call), result);
        }
        if (call.payloadType() != DataType.SIGN || call.operation() == Operation.BROADCAST) {
            return;
        }
        final UnsafeBuffer words = new UnsafeBuffer(result);
        assertEquals(Words.length(call.count()), result.length);
        assertTrue(
                call.count() == 0 || (words.getLong(result.length - 8) & ~Words.tailMask(call.count())) == 0,
                "dirty tail");
        for (int i = 0; i < call.count(); i++) {
            int balance = 0;
            for (int rank = 0; rank < ranks - 1; rank++) {
                balance += isNegative(Oracle.ballot(seed, rank, round, call), i) ? -1 : 1;
            }
            if (Math.abs(balance) > 1) {
                assertEquals(balance < 0, isNegative(result, i), "coordinate=" + i + " of " + call);
            }
        }
    }

    private static boolean isNegative(final byte[] bits, final int coordinate) {
        return (bits[coordinate >> 3] >> (coordinate & 7) & 1) == 1;
    }

    private void begin(final int rank, final int round) {
        final Call call = call(calls[rank], round);
        sources[rank].prepare(call, round);
        final Shards shards = Oracle.shards(seed, ranks, round, call);
        engines[rank].begin(call, sources[rank], shards);
        if (round > 0) {
            final long length = length(call, shards);
            UnsafeApi.setMemory(engines[rank].result() + length, largestLength() - length, PAINT);
        }
    }

    private void keep(final int rank, final int round) {
        final Call call = call(new Call(), round);
        final Shards shards = Oracle.shards(seed, ranks, round, call);
        final int length = (int) length(call, shards);
        final int kept = round == 0 ? length : (int) largestLength();
        final byte[] bytes = new byte[kept];
        new UnsafeBuffer(engines[rank].result(), kept).getBytes(0, bytes);
        for (int i = length; i < kept; i++) {
            assertEquals(PAINT, bytes[i], "written beyond the result, rank=" + rank + " at byte " + i);
        }
        while (results.size() <= round) {
            results.add(new byte[ranks][]);
        }
        results.get(round)[rank] = Oracle.held(engines[rank].result(), call, shards);
        completed += rank < ranks - 1 ? 1 : 0;
    }

    private static long length(final Call call, final Shards shards) {
        return shards == null ? call.payloadType().sizeOf(call.count()) : shards.extent();
    }

    private static long largestLength() {
        return DataType.FLOAT32.sizeOf(LARGEST);
    }

    /** The same call on every rank, a function of seed and round alone; the first is a sum and the largest. A liar is no root. */
    private Call call(final Call call, final int round) {
        final Random draw = Oracle.random(seed, 1 + round);
        final Operation operation = round == 0 ? Operation.SUM : Operation.values()[draw.nextInt(6)];
        if (operation.isGather()) {
            final int total = Oracle.totalLength(seed, ranks, round);
            final boolean isAll = operation == Operation.ALL_GATHER && total > 0;
            return call.set(
                            isAll ? Operation.ALL_GATHER : Operation.LENGTHS,
                            DataType.BYTE,
                            isAll ? total : Call.MAX_COUNT,
                            0,
                            0)
                    .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
        }
        final long count = round == 0 ? LARGEST : operation == Operation.BARRIER ? 1 : Oracle.count(draw, 2_000);
        final boolean isFloat = operation == Operation.SUM || operation != Operation.BARRIER && draw.nextBoolean();
        final int root = operation == Operation.BROADCAST ? draw.nextInt(ranks - 1) : 0;
        return call.set(operation, isFloat ? DataType.FLOAT32 : DataType.SIGN, count, round * 3L, root)
                .policies(ZeroPolicy.RANDOM, TiePolicy.values()[draw.nextInt(3)]);
    }

    /** Casts the ballots of the oracle; the liar's hold any bits, those behind the last coordinate too. */
    private final class Source implements BallotSource {
        private final int rank;
        private DataType type;
        private byte[] ballot;

        Source(final int rank) {
            this.rank = rank;
        }

        void prepare(final Call call, final int round) {
            type = call.payloadType();
            ballot = Oracle.ballot(seed, rank, round, call);
            if (rank == ranks - 1) {
                random.nextBytes(ballot);
            }
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final int length = (int) type.sizeOf(count);
            new UnsafeBuffer(words, length).putBytes(0, ballot, (int) type.sizeOf(coordinate), length);
        }
    }
}
