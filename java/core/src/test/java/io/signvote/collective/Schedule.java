package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import java.util.Arrays;
import java.util.LongSummaryStatistics;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** One seeded schedule: some members on a faulty network run some rounds of mixed calls, each checked against {@link Oracle}. */
final class Schedule implements AutoCloseable {
    private static final int MOST_CYCLES = 20_000_000;
    private static final long CAPACITY = 100_000;
    private static final long TIMEOUT_NS = 1_000_000_000L;

    private final Random random;
    private final SimNetwork network;
    private final int windowFrames;
    private final Membership membership;
    private final int ranks;
    private final SimTransport[] transports;
    private final Engine[] engines;
    private final Source[] sources;
    private final Call[] calls;
    private final Shards[] shards;
    private final int roundCount;
    private final long seed;

    Schedule(final long seed) {
        this.seed = seed;
        random = Oracle.random(seed, 0);
        ranks = 1 + random.nextInt(6);
        final int planKind = random.nextInt(3);
        final boolean hasServer = planKind == 2;
        final int members = hasServer ? ranks + 1 : ranks;
        final Plan plan = planKind == 0 ? new Plan.Sharded(ranks) : new Plan.Star(ranks, hasServer ? ranks : 0);
        windowFrames = 1 + random.nextInt(20 * members);
        network = new SimNetwork(members, SimNetwork.Faults.random(random), random, windowFrames);
        membership = new SimCoordinator(network, random, 0).membership(true);
        roundCount = 1 + random.nextInt(4);
        transports = new SimTransport[members];
        engines = new Engine[members];
        sources = new Source[members];
        calls = new Call[members];
        shards = new Shards[members];
        final int maxFrameLength = DataFrame.HEADER_LENGTH + 32 * (4 + random.nextInt(30));
        final int fixedCredit = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
        for (int member = 0; member < members; member++) {
            transports[member] = network.transport(member, maxFrameLength);
            engines[member] = new Engine(
                    transports[member],
                    membership,
                    new ScalarKernels(),
                    network,
                    new RoundSettings(seed, 1, ranks, plan, 7, 0, fixedCredit, TIMEOUT_NS));
            sources[member] = new Source(member);
            calls[member] = new Call();
            shards[member] = new Shards(ranks);
        }
    }

    long elapsedNs() {
        return network.nanoTime();
    }

    /** Runs it and returns the rounds that every rank completed. */
    int run() {
        final int[] done = new int[ranks];
        final boolean[] isRunning = new boolean[ranks];
        int finished = 0;
        int cycles = 0;
        while (finished < ranks) {
            assertTrue(++cycles < MOST_CYCLES, "deadlock");
            final int member = random.nextInt(engines.length);
            network.advance(random.nextInt(2_000));
            final Engine engine = engines[member];
            if (member < ranks && !isRunning[member]) {
                if (done[member] == roundCount || random.nextInt(4) == 0) {
                    continue;
                }
                sources[member].prepare(done[member]);
                begin(member, done[member]);
                isRunning[member] = true;
            }
            engine.doWork();
            if (member < ranks && engine.isIdle()) {
                check(member, done[member]);
                isRunning[member] = false;
                done[member]++;
                finished += done[member] == roundCount ? 1 : 0;
            }
            final LongSummaryStatistics numbers =
                    Arrays.stream(engines, 0, ranks).mapToLong(Engine::roundId).summaryStatistics();
            assertTrue(numbers.getMax() - numbers.getMin() <= 1, "more than one round ahead");
        }
        // a frame of each stream is always open; who begins a broadcast does not wait for those who are in the round
        // before
        final int frames = Math.max(windowFrames, 2 * engines.length) + Pacing.INITIAL + 1;
        assertTrue(
                network.inboundLengthMost() <= (long) frames * transports[0].maxFrameLength(),
                () -> "beyond the receive window of " + windowFrames + " frames");
        for (final SimTransport transport : transports) {
            assertEquals(0, transport.aborts(), "frames of padding");
        }
        return roundCount;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(engines);
        CloseHelper.closeAll(sources);
    }

    private void begin(final int member, final int round) {
        final Call call = call(calls[member], round);
        if (call.operation() == Operation.LENGTHS) {
            shards[member].fill(Long.BYTES);
        }
        engines[member].begin(call, sources[member], call.operation().isGather() ? shards[member] : null);
    }

    /**
     * The same call on every rank, a function of seed and round alone. Bytes are gathered in the round after that of their lengths,
     * as those say.
     */
    private Call call(final Call call, final int round) {
        final Random draw = Oracle.random(seed, 1 + round);
        final boolean isAnnounced = round > 0 && call(new Call(), round - 1).operation() == Operation.LENGTHS;
        final int total = isAnnounced ? Oracle.totalLength(seed, ranks, round) : 0;
        if (total > 0) {
            return call.set(Operation.ALL_GATHER, DataType.BYTE, total, 0, 0)
                    .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
        }
        final Operation operation = Operation.values()[draw.nextInt(5)];
        if (operation == Operation.LENGTHS) {
            return call.set(operation, DataType.BYTE, CAPACITY, 0, 0).policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
        }
        final long count = operation == Operation.BARRIER ? 1 : Oracle.count(draw, draw.nextBoolean() ? 100 : 8_000);
        final DataType type = draw.nextBoolean() ? DataType.SIGN : DataType.FLOAT32;
        final int root = operation == Operation.BROADCAST ? draw.nextInt(ranks) : 0;
        final TiePolicy ties = TiePolicy.values()[draw.nextInt(3)];
        return call.set(operation, operation == Operation.SUM ? DataType.FLOAT32 : type, count, round * 3L, root)
                .policies(ZeroPolicy.RANDOM, ties);
    }

    private void check(final int member, final int round) {
        final Call call = call(new Call(), round);
        final byte[] expected = Oracle.result(call, ranks, 7, 0, rank -> Oracle.ballot(seed, rank, round, call));
        final Shards gathered = call.operation().isGather() ? shards[member] : null;
        final byte[] actual = Oracle.held(engines[member].result(), call, gathered);
        assertArrayEquals(expected, actual, () -> "member=" + member + " " + call);
        if (call.operation() == Operation.LENGTHS) {
            assertEquals(Shards.ALL, shards[member].read(engines[member].result(), CAPACITY));
        }
    }

    /**
     * Casts the ballots of the oracle and fills each chunk once, when it has just said that it is ready: always, by chance, or as
     * a device does that copies one coordinate after another.
     */
    private final class Source implements BallotSource, AutoCloseable {
        private final int rank;
        private final double unreadiness = random.nextInt(3) * 0.45;
        private final int copyNs = random.nextInt(3) == 0 ? random.nextInt(100) : 0;
        private OffHeap ballot = new OffHeap(0);
        private Call call;
        private boolean[] isFilled;
        private long preparedNs;
        private long ready;

        Source(final int rank) {
            this.rank = rank;
        }

        void prepare(final int round) {
            call = call(new Call(), round);
            final byte[] bytes = Oracle.ballot(seed, rank, round, call);
            ballot.close();
            ballot = new OffHeap(bytes.length);
            new UnsafeBuffer(ballot.address(), bytes.length).putBytes(0, bytes);
            isFilled = new boolean[(int) Math.max(call.count(), bytes.length)];
            preparedNs = network.nanoTime();
            ready = -1;
        }

        @Override
        public boolean isReady(final long coordinate, final int count) {
            assertTrue(!isFilled[(int) coordinate], "asked for again");
            final boolean isCopied = network.nanoTime() - preparedNs >= (coordinate + count) * copyNs;
            final boolean isReady = isCopied && random.nextDouble() >= unreadiness;
            ready = isReady ? coordinate : -1;
            return isReady;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            assertTrue(!isFilled[(int) coordinate], "filled twice");
            assertEquals(coordinate, ready, "filled before it is ready");
            isFilled[(int) coordinate] = true;
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final DataType type = call.payloadType();
            UnsafeApi.copyMemory(ballot.address() + type.sizeOf(coordinate), words, type.sizeOf(count));
        }

        @Override
        public void close() {
            ballot.close();
        }
    }
}
