package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.Endpoint;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.CallKind;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every length of a frame is refused, or gives the bits of {@link Oracle} on two ranks in every operation. */
class FrameLengthTest {
    private static final int RANKS = 2;
    private static final int CYCLES_MAX = 100_000;
    private static final int CAPACITY = 10_000;
    private static final int COUNT = 1_500;

    @Test
    void shouldBeTheHeaderAndOneUnitOfPayload() {
        assertEquals(DataFrame.HEADER_LENGTH + 32, Endpoint.MIN_FRAME_LENGTH);
    }

    @Test
    void shouldRefuseFrameThatHoldsNoPayload() {
        for (int length = -200; length < Endpoint.MIN_FRAME_LENGTH; length++) {
            refuse(length);
        }
        refuse(Integer.MIN_VALUE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveTheOraclesBitsWithAnyOtherFrame(final boolean isStar) {
        final Plan plan = isStar ? new Plan.Star(RANKS, 0) : new Plan.Sharded(RANKS);
        for (int length = Endpoint.MIN_FRAME_LENGTH; length <= 200; length++) {
            run(length, plan);
        }
    }

    private static void refuse(final int length) {
        final SimTransport transport = network(length).transport(0, length);

        final ConfigurationException e = assertThrows(
                ConfigurationException.class,
                () -> round(transport, LocalMembership.create(RANKS).get(0), new Plan.Sharded(RANKS)),
                () -> "maxFrameLength=" + length);

        assertMessage(e, "maxFrameLength=" + length + ", expected at least 128");
    }

    private static void run(final int length, final Plan plan) {
        final SimNetwork network = network(length);
        final List<LocalMembership> memberships = LocalMembership.create(RANKS);
        final List<Engine> engines = new ArrayList<>();
        for (int rank = 0; rank < RANKS; rank++) {
            engines.add(round(network.transport(rank, length), memberships.get(rank), plan, network));
        }
        try {
            for (final Call call : calls()) {
                check(length, call, network, engines);
            }
        } finally {
            CloseHelper.closeAll(engines);
        }
    }

    private static List<Call> calls() {
        final List<Call> calls = new ArrayList<>();
        for (final String kind : List.of(
                "MAJORITY",
                "BROADCAST",
                "REDUCE MAJORITY",
                "REDUCE_SCATTER MAJORITY",
                "ALL_GATHER",
                "GATHER",
                "SCATTER",
                "ALL_TO_ALL")) {
            calls.add(call(kind, DataType.SIGN, COUNT));
            calls.add(call(kind, DataType.FLOAT32, COUNT));
        }
        calls.add(call("SUM", DataType.FLOAT32, COUNT));
        calls.add(call("BARRIER", DataType.SIGN, 1));
        calls.add(call("LENGTHS", DataType.UINT8, CAPACITY));
        calls.add(call("ALL_GATHER_V", DataType.UINT8, 1));
        return calls;
    }

    private static Call call(final String name, final DataType type, final long count) {
        final CallKind kind = CallKind.of(name);
        return new Call()
                .set(kind.collective(), kind.op(), type, count, 3, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    private static void check(final int length, final Call call, final SimNetwork network, final List<Engine> engines) {
        final int roundId = (int) engines.get(0).roundId() + 1;
        if (call.collective() == Collective.ALL_GATHER_V) {
            final int total = Oracle.totalLength(length, RANKS, roundId);
            if (total == 0) {
                return;
            }
            call.set(Collective.ALL_GATHER_V, null, DataType.UINT8, total, 3, 0);
        }
        final Shards shards = Oracle.shards(length, RANKS, roundId, call);
        final List<OffHeap> ballots = new ArrayList<>();
        try {
            for (int rank = 0; rank < RANKS; rank++) {
                final byte[] bytes = Oracle.ballot(length, rank, roundId, call, RANKS);
                final OffHeap ballot = new OffHeap(bytes.length);
                ballots.add(ballot);
                new UnsafeBuffer(ballot.address(), bytes.length).putBytes(0, bytes);
                engines.get(rank).begin(call, source(ballot.address(), call.payloadType()), shards);
            }
            for (int cycle = 0; !engines.get(0).isIdle() || !engines.get(1).isIdle(); cycle++) {
                assertTrue(cycle < CYCLES_MAX, () -> "maxFrameLength=" + length + " " + call + ": no end");
                network.advance(1_000);
                engines.get(cycle % RANKS).doWork();
            }
            for (int rank = 0; rank < RANKS; rank++) {
                if (Oracle.hasResult(call, rank)) {
                    final byte[] expected = Oracle.result(
                            call, rank, RANKS, 7, 0, each -> Oracle.ballot(length, each, roundId, call, RANKS));
                    final byte[] actual = Oracle.held(engines.get(rank).result(), call, shards, RANKS);
                    assertArrayEquals(expected, actual, () -> "maxFrameLength=" + length + " " + call);
                }
            }
        } finally {
            CloseHelper.closeAll(ballots);
        }
    }

    private static BallotSource source(final long address, final DataType type) {
        return new BallotSource() {
            @Override
            public void fill(final long coordinate, final int count, final long words) {
                refill(coordinate, count, words);
            }

            @Override
            public void refill(final long coordinate, final int count, final long words) {
                UnsafeApi.copyMemory(address + type.sizeOf(coordinate), words, type.sizeOf(count));
            }
        };
    }

    private static SimNetwork network(final int length) {
        final SimNetwork.Faults none = new SimNetwork.Faults(1, 0, 0, 0, 0, 40);
        return new SimNetwork(RANKS, none, new Random(length));
    }

    private static Engine round(final SimTransport transport, final Membership membership, final Plan plan) {
        return round(transport, membership, plan, network(0));
    }

    private static Engine round(
            final SimTransport transport, final Membership membership, final Plan plan, final SimNetwork clock) {
        return new Engine(
                transport,
                membership,
                new ScalarKernels(),
                clock,
                new RoundSettings(1, 1, RANKS, plan, 7, 0, 0, 1_000_000_000_000L));
    }
}
