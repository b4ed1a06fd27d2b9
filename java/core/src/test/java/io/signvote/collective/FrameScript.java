package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.Words;
import io.signvote.collective.Round.Phase;
import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import java.nio.ByteBuffer;
import java.util.Random;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One member of a job whose other members are bytes: a script says who sends which frame, right, nearly right or not at all.
 * After each frame every cursor stands where it stood, but for the one that the frame moved; and whatever is held of a result
 * is what it would be had everyone sent every frame once.
 */
final class FrameScript implements AutoCloseable {
    /** In all of them the result shows which ballots it has. */
    private static final CallKind[] KINDS = {
        new CallKind(Collective.ALL_REDUCE, ReduceOp.MAJORITY),
        new CallKind(Collective.ALL_REDUCE, ReduceOp.SUM),
        new CallKind(Collective.BROADCAST, null),
        new CallKind(Collective.BARRIER, null),
        new CallKind(Collective.LENGTHS, null),
        new CallKind(Collective.ALL_GATHER_V, null),
        new CallKind(Collective.REDUCE, ReduceOp.MAJORITY),
        new CallKind(Collective.REDUCE, ReduceOp.SUM),
        new CallKind(Collective.REDUCE_SCATTER, ReduceOp.MAJORITY),
        new CallKind(Collective.REDUCE_SCATTER, ReduceOp.SUM),
        new CallKind(Collective.ALL_GATHER, null),
        new CallKind(Collective.GATHER, null),
        new CallKind(Collective.SCATTER, null),
        new CallKind(Collective.ALL_TO_ALL, null)
    };

    private static final int LARGEST = 300;
    private static final int LARGEST_LENGTH = LARGEST * 4;
    private static final int KIND = 92;
    private static final byte PAINT = (byte) 0xA5;
    private static final UnsafeBuffer BYTES = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
    private static final long KEY = 0x1122334455667788L;

    private final byte[] script;
    private final int ranks;
    private final int me;
    private final SimNetwork network;
    private final SimTransport[] transports;
    private final Round round;
    private final Receiver receiver;
    private final DataFrame frame = new DataFrame(KEY, 1);
    private final UnsafeBuffer bytes = BYTES;
    private final Call call = new Call();
    private int at;

    FrameScript(final byte[] script) {
        this.script = script;
        ranks = 1 + next() % 4;
        final int planKind = next() % 4;
        final int members = planKind == 2 ? ranks + 1 : ranks;
        me = next() % members;
        final Plan plan = planKind == 0
                ? new Plan.Sharded(ranks)
                : planKind == 3 ? new Plan.Replicated(ranks) : new Plan.Star(ranks, planKind == 2 ? ranks : 0);
        network = new SimNetwork(members, new SimNetwork.Faults(1, 0, 0, 0, 0, 1000), new Random(1));
        transports = new SimTransport[members];
        final int maxFrameLength = DataFrame.HEADER_LENGTH + 32 * (1 + next() % 8);
        for (int member = 0; member < members; member++) {
            transports[member] = network.transport(member, maxFrameLength);
        }
        round = new Round(
                transports[me],
                new ScalarKernels(),
                network,
                new RoundSettings(KEY, 1, ranks, plan, 0, 0, next() % 12, Long.MAX_VALUE));
        receiver = new Receiver(round, new Latch(LocalMembership.create(members).get(me)), new DataFrame(KEY, 1));
    }

    /** Runs the script to its end, or to a mismatch, which ends a job. */
    void run() {
        // a larger round that nobody ends leaves room behind the results of later ones
        round.begin(call.set(ReduceOp.SUM, DataType.FLOAT32, LARGEST, 0), null, null, false);
        round.phase = Phase.IDLE;
        paint();
        try {
            while (at < script.length) {
                step();
            }
            check();
            checkPaint();
        } catch (final VoteException mismatch) {
            final String message = mismatch.getMessage();
            assertTrue(
                    message.contains(", make every rank call the same")
                            || message.contains(" hold different results of round ")
                            || message.contains(", and neither can skip a round of the server")
                            || message.contains("every rank must make the same calls"),
                    message);
        }
    }

    @Override
    public void close() {
        round.close();
    }

    private void step() {
        switch (next() & 3) {
            case 0 -> dutyCycle();
            case 1 -> {
                if (round.phase == Phase.IDLE && !round.isServer()) {
                    begin();
                }
            }
            default -> receive();
        }
    }

    private void begin() {
        final CallKind kind = KINDS[next() % KINDS.length];
        final Collective collective = kind.collective();
        final boolean isBarrier = collective == Collective.BARRIER;
        final boolean isFloat = kind.op() == ReduceOp.SUM || !isBarrier && (next() & 1) == 0;
        final int most = collective.isInBlocks() ? LARGEST / ranks : LARGEST;
        final long count = isBarrier ? 1 : (next() << 8 | next()) % (most + 1);
        final int root = collective.isRooted() ? next() % ranks : 0;
        if (collective.isShards()) {
            gather(collective);
            return;
        }
        call.set(collective, kind.op(), isFloat ? DataType.FLOAT32 : DataType.SIGN, count, 0, root)
                .policies(ZeroPolicy.RANDOM, TiePolicy.NEGATIVE);
        round.begin(call, new Source(), null, false);
        paint();
    }

    private void gather(final Collective collective) {
        final UnsafeBuffer lengths = new UnsafeBuffer(BYTES, 0, ranks * 8);
        for (int rank = 0; rank < ranks; rank++) {
            lengths.putLong(rank * 8, next() % 76);
        }
        final Shards shards = new Shards(ranks).fill(Long.BYTES);
        if (collective == Collective.ALL_GATHER_V
                && (shards.read(lengths.addressOffset(), LARGEST) != Shards.ALL || shards.totalLength() == 0)) {
            return;
        }
        call.set(
                        collective,
                        null,
                        DataType.UINT8,
                        collective == Collective.LENGTHS ? LARGEST : shards.totalLength(),
                        0,
                        0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.NEGATIVE);
        round.begin(call, new Source(), shards, false);
        paint();
    }

    private void dutyCycle() {
        network.advance(1_000);
        if (round.phase == Phase.RUNNING) {
            final long moves = round.moves();
            final int work = round.flow().send();
            assertTrue(
                    work == 0 ? round.moves() == moves : round.moves() >= moves + work, "moves of " + work + " frames");
            if (round.isComplete()) {
                check();
                checkPaint();
                round.end();
            }
        }
        for (final SimTransport transport : transports) {
            transport.poll((peer, buffer, offset, length) -> true, Integer.MAX_VALUE);
        }
    }

    private void receive() {
        final int peer = next() % transports.length;
        final int length = write(peer);
        final long roundId = round.roundId();
        final int[] before = cursors();
        final long moves = round.moves();
        final long dropped = dropped();

        final boolean isConsumed = receiver.onFrame(peer, bytes, 0, length);

        if (round.roundId() != roundId) {
            // a server was told of a round
            paint();
            return;
        }
        final int[] after = cursors();
        final boolean isDropped = dropped() > dropped;
        int moved = 0;
        for (int i = 0; i < after.length; i++) {
            assertTrue(after[i] >= before[i], "a cursor went back");
            moved += after[i] > before[i] ? 1 : 0;
        }
        if (!isConsumed || isDropped) {
            assertArrayEquals(before, after, "a frame that was left or dropped moved a cursor");
            assertEquals(moves, round.moves(), "a frame that was left or dropped is no step towards the end");
        } else if (!hasLeft(peer)) {
            assertTrue(round.moves() > moves, "an accepted frame is a step towards the end");
        }
        assertTrue(!isConsumed || isDropped || moved <= 1 && (moved == 1 || hasLeft(peer)));
        check();
    }

    /** Writes a frame: the one that is expected next from a peer, but for what the script says. */
    private int write(final int peer) {
        final Link link = round.linkTo(peer);
        final Geometry geometry = round.geometry();
        final short kind = (short) (next() % 6);
        final int chunk = expected(link, kind) + (byte) next();
        final boolean isChunk = round.phase == Phase.RUNNING && chunk >= 0 && chunk < geometry.chunkCount();
        final int coordinates = isChunk && kind < DataFrame.CREDIT ? geometry.coordinates(chunk) : 0;
        final boolean isEmpty = kind == DataFrame.VERDICT && link != null && !link.wantsHere();
        final int payloadLength = isChunk && kind < DataFrame.CREDIT && !isEmpty ? geometry.payloadLength(chunk) : 0;
        final int credit = next();
        final int ballots = kind == DataFrame.BALLOT ? round.check() : round.ballots();
        frame.write(bytes, 0, kind, round.roundId(), call, chunk, coordinates, ballots, credit);
        final int whole = DataFrame.HEADER_LENGTH + payloadLength;
        final int patches = next();
        for (int i = patches & 3; i > 0; i--) {
            bytes.putByte(next() % DataFrame.HEADER_LENGTH, (byte) next());
        }
        final int length = (patches & 4) == 0 ? whole : Math.max(0, whole + (byte) next());
        final long payload = bytes.getByte(KIND) == DataFrame.BALLOT ? ballot(peer) : verdict(peer);
        for (int i = DataFrame.HEADER_LENGTH; i < bytes.capacity(); i += 8) {
            bytes.putLong(i, payload);
        }
        if (isChunk && call.payloadType() == DataType.SIGN && payloadLength > 0) {
            final int last = whole - 8;
            bytes.putLong(last, bytes.getLong(last) & Words.tailMask(coordinates));
        }
        // whoever reads on behind the frame spoils the result
        bytes.setMemory(Math.min(length, bytes.capacity()), Math.max(0, bytes.capacity() - length), PAINT);
        return length;
    }

    /** The chunk, or the count of a report, that a frame of a kind must carry to be taken; for a frame of our own anything. */
    private int expected(final Link link, final short kind) {
        if (link == null) {
            return 0;
        }
        return switch (kind) {
            case DataFrame.BALLOT -> round.tallier().share().chunk(link.ballotsReceived());
            case DataFrame.CREDIT -> link.verdictsSent();
            default -> link.share().chunk(link.verdictsHeld());
        };
    }

    /** What a rank says of every coordinate: as floats 2^rank, as signs whether the rank is even. */
    private long ballot(final int rank) {
        if (call.payloadType() == DataType.SIGN) {
            return (rank & 1) == 0 ? -1 : 0;
        }
        final long bits = Float.floatToRawIntBits(1 << rank);
        return bits << 32 | bits;
    }

    /** What comes of it: every bit of a sum is one rank's, and in a vote the even ranks have half of the votes or more. */
    private long verdict(final int tallier) {
        if (call.collective().isShards() || call.collective() == Collective.ALL_GATHER) {
            return ballot(tallier);
        }
        if (call.collective() == Collective.BROADCAST || call.collective() == Collective.SCATTER) {
            return ballot(call.root());
        }
        final long bits = Float.floatToRawIntBits((1 << ranks) - 1);
        return call.payloadType() == DataType.SIGN ? -1 : bits << 32 | bits;
    }

    private void check() {
        if (round.phase != Phase.RUNNING) {
            return;
        }
        final Share ours = round.tallier().share();
        final int closed = round.tallier().closed();
        assertTrue(closed <= ours.chunkCount());
        for (int i = 0; i < closed; i++) {
            if (call.collective() == Collective.GATHER || call.collective() == Collective.ALL_TO_ALL) {
                checkGathered(ours.chunk(i));
            } else {
                check(ours.chunk(i), round.address(ours.chunk(i)), verdict(me));
            }
        }
        for (final Link link : round.links()) {
            final Share theirs = link.share();
            assertTrue(link.ballotsReceived() <= ours.chunkCount() && link.verdictsHeld() <= theirs.chunkCount());
            assertTrue(link.verdictsSent() <= closed && link.verdictsAcknowledged() <= link.verdictsSent());
            for (int i = 0; link.wantsHere() && i < link.verdictsHeld(); i++) {
                check(
                        theirs.chunk(i),
                        round.address(theirs.chunk(i)),
                        verdict(link.peer().member()));
            }
        }
    }

    private void checkPaint() {
        for (long i = round.geometry().resultLength(); i < LARGEST_LENGTH; i++) {
            assertEquals(PAINT, UnsafeApi.getByte(round.result() + i), "written beyond the result");
        }
    }

    /** The ballots of all ranks lie one block behind the other. */
    private void checkGathered(final int chunk) {
        final long blockLength = round.geometry().resultLength() / ranks;
        for (int rank = 0; rank < ranks; rank++) {
            check(chunk, round.address(chunk) + rank * blockLength, ballot(rank));
        }
    }

    private void check(final int chunk, final long address, final long expected) {
        final UnsafeBuffer held = new UnsafeBuffer(address, round.geometry().payloadLength(chunk));
        for (int i = 0; i + 8 <= held.capacity(); i += 8) {
            final boolean isTail = call.payloadType() == DataType.SIGN && i + 8 == held.capacity();
            final long mask = isTail ? Words.tailMask(round.geometry().coordinates(chunk)) : -1;
            assertEquals(expected & mask, held.getLong(i), "chunk=" + chunk + " of " + call);
        }
    }

    private void paint() {
        final long length = round.geometry().resultLength();
        if (length < LARGEST_LENGTH) {
            UnsafeApi.setMemory(round.result() + length, LARGEST_LENGTH - length, PAINT);
        }
    }

    private int[] cursors() {
        final int[] cursors = new int[round.links().length * 6];
        int i = 0;
        for (final Link link : round.links()) {
            cursors[i++] = link.ballotsReceived();
            cursors[i++] = link.verdictsHeld();
            cursors[i++] = link.verdictsAcknowledged();
            cursors[i++] = link.ballotsSent();
            cursors[i++] = link.verdictsSent();
            cursors[i++] = link.peer().hasLeft() ? 1 : 0;
        }
        return cursors;
    }

    private boolean hasLeft(final int peer) {
        final Link link = round.linkTo(peer);
        return link != null && link.peer().hasLeft();
    }

    private long dropped() {
        final FrameCounters counters = receiver.counters();
        return counters.malformed() + counters.repeated() + counters.stale();
    }

    private int next() {
        return at < script.length ? script[at++] & 0xFF : 0;
    }

    private final class Source implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            final long length = call.payloadType().sizeOf(count);
            for (long i = 0; i + 4 <= length; i += 4) {
                UnsafeApi.putInt(words + i, (int) ballot(me));
            }
            if (call.payloadType() == DataType.SIGN) {
                final long last = words + length - 8;
                UnsafeApi.putLong(last, UnsafeApi.getLong(last) & Words.tailMask(count));
            }
        }
    }
}
