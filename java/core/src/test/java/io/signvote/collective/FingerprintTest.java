package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ProtocolException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks whose calls differ in one field of the fingerprint all get an error that names both calls. */
class FingerprintTest {
    private static final int RANKS = 3;
    private static final int COUNT = 5_000;
    private static final int FRAME = 1376;
    private static final int CYCLES_MAX = 100_000;

    /** The key and view of the published frames. */
    private static final long KEY = 0x0123456789ABCDEFL;

    private static final int VIEW = 1;
    private static final String CALLS_DIFFER = ", make every rank call the same";

    /** Two calls that differ in one field. */
    private record Pair(String field, Call ours, Call theirs, String end) {
        @Override
        public String toString() {
            return field;
        }
    }

    static Stream<Pair> pairs() {
        return Stream.of(
                pair("reduction", vote(), call(Collective.ALL_REDUCE, ReduceOp.SUM, DataType.FLOAT32, COUNT, 7, 0)),
                pair("collective", vote(), call(Collective.BARRIER, null, DataType.FLOAT32, COUNT, 7, 0)),
                pair("type", vote(), call(Collective.ALL_REDUCE, ReduceOp.MAJORITY, DataType.SIGN, COUNT, 7, 0)),
                pair(
                        "count",
                        vote(),
                        call(Collective.ALL_REDUCE, ReduceOp.MAJORITY, DataType.FLOAT32, COUNT + 1, 7, 0)),
                pair("step", vote(), call(Collective.ALL_REDUCE, ReduceOp.MAJORITY, DataType.FLOAT32, COUNT, 8, 0)),
                pair("zeros", vote(), vote().policies(ZeroPolicy.POSITIVE, TiePolicy.RANDOM)),
                pair("ties", vote(), vote().policies(ZeroPolicy.RANDOM, TiePolicy.NEGATIVE)),
                pair("tag", vote(), vote().tag(1)),
                pair("crossed tags", vote().tag(1), vote().tag(2)),
                pair("all bits of a tag", vote().tag(1), vote().tag(Integer.MIN_VALUE + 1)),
                new Pair(
                        "options",
                        vote().options(1),
                        vote().options(1L << 63),
                        CALLS_DIFFER + ": the learning rate, the momentum, the weight decay or the layout of the"
                                + " parameters differs; no parameter has changed. retry keeps the rates of this step: set the same"
                                + " values and restore parameters and optimiser of the same step on every rank"),
                new Pair(
                        "options of one only",
                        vote(),
                        vote().options(1),
                        CALLS_DIFFER + ": one of the two is a step of an optimiser, and the other is not"),
                pair("root", call(Collective.BROADCAST, null, DataType.FLOAT32, COUNT, 0, 0), broadcastFromOne()),
                pair(
                        "tag of a broadcast",
                        broadcastFromOne(),
                        broadcastFromOne().tag(9)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldFailOnAllRanksAndNameBothCalls(final Pair pair) {
        assertFails(pair, new Plan.Sharded(RANKS), RANKS, 0);
        assertFails(pair, new Plan.Sharded(RANKS), RANKS, RANKS - 1);
        assertFails(pair, new Plan.Star(RANKS, 0), RANKS, RANKS - 1);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldFailWhereAServerLearnsOfTheCallFromAFrame(final Pair pair) {
        assertFails(pair, new Plan.Star(RANKS, RANKS), RANKS + 1, 1);
    }

    @Test
    void shouldCountAndDropFramesOfVersion1() throws IOException {
        final SimNetwork network = network(2);
        final List<Engine> engines = engines(network, 2, 2, new Plan.Sharded(2));
        final List<byte[]> old = framesOfVersion1();
        final SimTransport peer = network.transport(1, FRAME);
        final Claim claim = peer.newClaim();
        for (final byte[] frame : old) {
            peer.tryClaim(0, frame.length, claim);
            claim.buffer().putBytes(claim.offset(), frame);
            claim.commit();
        }
        network.advance(10);

        for (final Engine engine : engines) {
            engine.begin(vote(), new Negative());
        }
        for (int cycle = 0; !engines.get(0).isIdle() || !engines.get(1).isIdle(); cycle++) {
            assertTrue(cycle < CYCLES_MAX, "stalled");
            network.advance(1_000);
            engines.get(cycle & 1).doWork();
        }

        assertTrue(old.size() > 10);
        assertEquals(old.size(), engines.get(0).counters().malformed());
        assertEquals(-1, UnsafeApi.getLong(engines.get(0).result()));
        CloseHelper.closeAll(engines);
    }

    private static void assertFails(final Pair pair, final Plan plan, final int members, final int odd) {
        final SimNetwork network = network(members);
        final List<Engine> engines = engines(network, members, RANKS, plan);
        for (int rank = 0; rank < RANKS; rank++) {
            engines.get(rank).begin(rank == odd ? pair.theirs : pair.ours, new Negative());
        }
        final String[] messages = new String[RANKS];
        int failed = 0;
        for (int cycle = 0; failed < RANKS; cycle++) {
            assertTrue(cycle < CYCLES_MAX, "nobody noticed");
            network.advance(1_000);
            final int member = cycle % members;
            if (member == RANKS || messages[member] == null) {
                try {
                    engines.get(member).doWork();
                } catch (final ProtocolException mismatch) {
                    if (member < RANKS) {
                        messages[member] = mismatch.getMessage();
                        failed++;
                    }
                }
            }
        }
        for (final String message : messages) {
            assertMessage(message, pair.ours.toString(), pair.theirs.toString());
            assertTrue(message.endsWith(pair.end), message);
        }
        CloseHelper.closeAll(engines);
    }

    private static List<Engine> engines(final SimNetwork network, final int members, final int ranks, final Plan plan) {
        final List<LocalMembership> memberships = LocalMembership.create(members);
        final List<Engine> engines = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            engines.add(new Engine(
                    network.transport(member, FRAME),
                    memberships.get(member),
                    new ScalarKernels(),
                    network,
                    new RoundSettings(KEY, VIEW, ranks, plan, 7, 0, 0, Long.MAX_VALUE / 2)));
        }
        return engines;
    }

    private static List<byte[]> framesOfVersion1() throws IOException {
        final List<byte[]> frames = new ArrayList<>();
        try (InputStream stream = FingerprintTest.class.getResourceAsStream("/io/signvote/wire/frames-version-1.csv");
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines.lines()
                    .skip(1)
                    .forEach(line -> frames.add(HexFormat.of().parseHex(line.substring(line.lastIndexOf(',') + 1))));
        }
        return frames;
    }

    private static SimNetwork network(final int members) {
        return new SimNetwork(members, new SimNetwork.Faults(1, 0, 0, 0, 0, 1_000), new Random(1));
    }

    private static Pair pair(final String field, final Call ours, final Call theirs) {
        return new Pair(field, ours, theirs, CALLS_DIFFER);
    }

    private static Call vote() {
        return call(Collective.ALL_REDUCE, ReduceOp.MAJORITY, DataType.FLOAT32, COUNT, 7, 0);
    }

    private static Call broadcastFromOne() {
        return call(Collective.BROADCAST, null, DataType.FLOAT32, COUNT, 0, 1);
    }

    private static Call call(
            final Collective collective,
            final ReduceOp op,
            final DataType type,
            final long count,
            final long step,
            final int root) {
        return new Call().set(collective, op, type, count, step, root).policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    /** Every sign is negative. */
    private static final class Negative implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            for (int i = 0; i < count / 64; i++) {
                UnsafeApi.putLong(words + 8L * i, -1);
            }
            if (count % 64 != 0) {
                UnsafeApi.putLong(words + count / 64 * 8L, (1L << count % 64) - 1);
            }
        }
    }
}
