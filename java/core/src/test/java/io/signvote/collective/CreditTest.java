package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.util.Random;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Credit of what flows one way: all senders together move it, and each has to go by what it was told last. */
class CreditTest {
    private static final int RANKS = 3;
    private static final int PAYLOAD = 128;
    private static final int EPOCH = 512;
    private static final int WINDOW_FRAMES = 1_000;

    /** Rank 2 has nothing; rank 0 drives its credit from 8 to 18 while rank 1, which was told 8, is not in the round yet. */
    @Test
    void shouldEndAGatherWhoseLateSenderWasToldLessThanHalfOfTheCredit() {
        final SimNetwork network = network(0, new Random(1));
        final Shards shards = shards(6 * EPOCH * PAYLOAD, 40 * PAYLOAD, 0);
        final Engine[] engines = new Engine[RANKS];
        for (int rank = 0; rank < RANKS; rank++) {
            engines[rank] = new Engine(
                    network.transport(rank, DataFrame.HEADER_LENGTH + PAYLOAD),
                    LocalMembership.create(RANKS).get(rank),
                    new ScalarKernels(),
                    network,
                    new RoundSettings(1, 1, RANKS, new Plan.Sharded(RANKS), 0, 0, 0, Long.MAX_VALUE / 2));
        }

        engines[0].begin(call(shards), new Filled(0), shards);
        engines[2].begin(call(shards), new Filled(2), shards);
        int work = 1;
        for (int cycle = 0; work > 0; cycle++) {
            assertTrue(cycle < 100_000, "never rests");
            work = engines[0].doWork() + engines[2].doWork();
            // steady for two epochs of a frame each cycle, then twice as fast, so that more credit seems to deliver
            // more
            network.advance(cycle < 5 * EPOCH / 2 ? 2_000 : 1_000);
        }
        engines[1].begin(call(shards), new Filled(1), shards);
        for (int cycle = 0; !(engines[0].isIdle() && engines[1].isIdle() && engines[2].isIdle()); cycle++) {
            assertTrue(cycle < 10_000, "all are well and nobody reports");
            for (final Engine engine : engines) {
                if (!engine.isIdle()) {
                    engine.doWork();
                }
            }
            network.advance(1_000);
        }

        final byte[] expected = Oracle.held(engines[0].result(), call(shards), shards, engines.length);
        assertEquals(0, expected[0]);
        assertEquals(1, expected[expected.length - 1]);
        for (final Engine engine : engines) {
            assertArrayEquals(expected, Oracle.held(engine.result(), call(shards), shards, engines.length));
        }
        CloseHelper.closeAll(engines);
    }

    /** Whatever the credit did in between: who has sent all that it may is told of more. */
    @Test
    void shouldReportToASenderThatHasUsedItsCreditUp() {
        final long first = Long.getLong("signvote.test.seed", System.nanoTime());
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (long seed = first; seed < first + 30; seed++) {
            final Random random = Oracle.random(seed, 0);
            final SimNetwork network = network(0.5, random);
            final Shards shards = shards(PAYLOAD, 200 * PAYLOAD, 0);
            final SimTransport noise = network.transport(0, DataFrame.HEADER_LENGTH + PAYLOAD);
            final SimTransport peer = network.transport(1, DataFrame.HEADER_LENGTH + PAYLOAD);
            try (Round round = new Round(
                    network.transport(2, DataFrame.HEADER_LENGTH + PAYLOAD),
                    new ScalarKernels(),
                    network,
                    new RoundSettings(1, 1, RANKS, new Plan.Sharded(RANKS), 0, 0, 0, Long.MAX_VALUE / 2))) {
                round.begin(call(shards), new Filled(2), shards, false);
                final Link link = round.linkTo(1);
                final Told told = new Told(link.peer().creditGranted());
                while (told.acknowledged < 200) {
                    final int open = Math.min(200, told.acknowledged + told.credit);
                    if (random.nextInt(4) > 0) {
                        // some of it, or all
                        receive(link, round.call(), random.nextInt(open - link.verdictsHeld() + 1));
                    } else {
                        shake(round.pacing(), network, noise, random);
                    }
                    if (random.nextBoolean()) {
                        round.flow().send();
                    }
                    network.advance(1_000);
                    peer.poll(told::onFrame, Integer.MAX_VALUE);
                    least = Math.min(least, told.credit);
                    most = Math.max(most, told.credit);
                    if (link.verdictsHeld() == told.acknowledged + told.credit) {
                        final int before = told.acknowledged;
                        round.flow().send();
                        network.advance(1_000);
                        peer.poll(told::onFrame, Integer.MAX_VALUE);
                        assertTrue(
                                told.acknowledged > before,
                                "-Dsignvote.test.seed=" + seed + " told=" + told.credit + " credit="
                                        + round.pacing().credit());
                    }
                }
            }
        }
        assertTrue(least < Pacing.INITIAL && most >= 2 * Pacing.INITIAL, "only " + least + " to " + most);
    }

    /** Takes the next verdicts of a member. */
    private static void receive(final Link link, final Call call, final int verdicts) {
        final DataFrame frame = new DataFrame(1, 1);
        final UnsafeBuffer bytes =
                new UnsafeBuffer(BufferUtil.allocateDirectAligned(DataFrame.HEADER_LENGTH + PAYLOAD, 8));
        for (int i = 0; i < verdicts; i++) {
            final int chunk = link.share().chunk(link.verdictsHeld());
            frame.write(bytes, 0, DataFrame.VERDICT, 1, call, chunk, PAYLOAD, 1, Pacing.INITIAL);
            final DataFrameDecoder header = frame.read(bytes, 0, bytes.capacity());
            assertEquals(Fate.TAKEN, link.onVerdict(header, bytes.addressOffset() + DataFrame.HEADER_LENGTH, PAYLOAD));
        }
    }

    /** Lets the credit go up, where the rate is steady and then grows, or down after loss. */
    private static void shake(
            final Pacing pacing, final SimNetwork network, final SimTransport noise, final Random random) {
        final boolean hasLoss = random.nextInt(3) == 0;
        for (int step = random.nextInt(12); step >= 0; step--) {
            final long frameNs = hasLoss ? 1_000 : 1_000 << step / 2;
            for (int i = 0; hasLoss && i < 10; i++) {
                send(noise);
            }
            final int frames = Math.max(EPOCH, 8 * pacing.credit());
            for (int i = 0; i < frames; i++) {
                network.advance(frameNs);
                pacing.onFrame(PAYLOAD, pacing.credit());
            }
        }
    }

    private static void send(final SimTransport from) {
        final Claim claim = from.newClaim();
        if (from.tryClaim(2, DataFrame.HEADER_LENGTH, claim) == Status.OK) {
            claim.commit();
        }
    }

    private static SimNetwork network(final double loss, final Random random) {
        return new SimNetwork(RANKS, new SimNetwork.Faults(1, loss, 0, 0, 0, 1 << 20), random, WINDOW_FRAMES);
    }

    private static Shards shards(final long... lengths) {
        final Shards shards = new Shards(RANKS);
        try (OffHeap announced = new OffHeap(8L * RANKS)) {
            for (int rank = 0; rank < RANKS; rank++) {
                UnsafeApi.putLong(announced.address() + 8L * rank, lengths[rank]);
            }
            assertEquals(Shards.ALL, shards.read(announced.address(), Call.MAX_COUNT));
        }
        return shards;
    }

    private static Call call(final Shards shards) {
        return new Call()
                .set(Collective.ALL_GATHER_V, null, DataType.UINT8, shards.totalLength(), 0, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    /** What a sender knows of the receiver. */
    private static final class Told {
        private final DataFrame frame = new DataFrame(1, 1);
        private int acknowledged;
        private int credit;

        Told(final int credit) {
            this.credit = credit;
        }

        boolean onFrame(final int from, final DirectBuffer buffer, final int offset, final int length) {
            final DataFrameDecoder header = frame.read(buffer, offset, length);
            acknowledged = header.chunk();
            credit = header.credit();
            return true;
        }
    }

    /** Bytes that are all the rank's number. */
    private record Filled(int rank) implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            new UnsafeBuffer(words, count).setMemory(0, count, (byte) rank);
        }
    }
}
