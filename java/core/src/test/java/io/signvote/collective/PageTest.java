package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.Endpoint;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.transport.sim.SimTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sentences of the page of the data frames that a client in another language depends on. */
class PageTest {
    private static final int RANKS = 3;
    private static final int FRAME = Endpoint.MIN_FRAME_LENGTH;
    private static final int CHUNK = 8;
    private static final int CHUNKS = 300;

    private final SimNetwork network =
            new SimNetwork(RANKS, new SimNetwork.Faults(1, 0, 0, 0, 0, 1_000), new Random(1), 100_000);
    private final DataFrame frame = new DataFrame(1, 1);

    /** Announcement: the verdicts that it holds by then, 0 or more. */
    @Test
    void shouldAnnounceALateReceiverWithTheVerdictsThatItHolds() {
        for (int early = 0; early <= 7; early++) {
            final PageTest page = new PageTest();
            final SimTransport root = page.network.transport(0, FRAME);
            for (int chunk = 0; chunk < early; chunk++) {
                page.send(root, 1, DataFrame.VERDICT, broadcast(), chunk, CHUNK, 1, 8, 4 * CHUNK);
            }
            page.network.advance(10);
            final SimTransport late = page.network.transport(1, FRAME);
            try (Round round = page.round(late, 0)) {
                round.begin(broadcast(), null, null, false);
                late.poll(
                        new Receiver(
                                round, new Latch(LocalMembership.create(RANKS).get(1)), page.frame),
                        100);
                round.flow().send();
            }
            page.network.advance(10);

            assertEquals(List.of(early), page.creditsTo(0, 1));
        }
    }

    /** A CREDIT counts unless its chunk is beyond what was sent, or not more than that of the last one, -1 before the first. */
    @Test
    void shouldDropOnlyCreditsThatSayNothingNew() {
        final SimTransport transport = network.transport(0, FRAME);
        try (Round round = round(transport, 0)) {
            round.begin(broadcast(), new Nothing(), null, false);
            final Link link = round.linkTo(1);
            while (link.verdictsSent() < 6) {
                round.flow().send();
            }
            final Receiver receiver =
                    new Receiver(round, new Latch(LocalMembership.create(RANKS).get(0)), frame);
            final SimTransport peer = network.transport(1, FRAME);
            final int[] sent = {0, 0, 7, 2, 2, 1, 6, -1};
            final int[] held = {0, 0, 0, 2, 2, 2, 6, 6};
            for (int i = 0; i < sent.length; i++) {
                send(peer, 0, DataFrame.CREDIT, broadcast(), sent[i], 0, 0, 9, 0);
                network.advance(10);
                transport.poll(receiver, 1);

                assertEquals(held[i], link.verdictsAcknowledged(), "after " + sent[i]);
            }
            assertEquals(9, link.peer().creditGranted());
            assertEquals(3, receiver.counters().repeated());
            assertEquals(2, receiver.counters().malformed());
        }
    }

    /** Credit: the least that any tallier of the round grants; the cap of the round says nothing. */
    @Test
    void shouldTakeTheLeastOfAllTalliersAndNoCapForAnAnswer() {
        try (Round round = round(network.transport(0, FRAME), 0)) {
            round.begin(vote(4_000_000), null, null, false);
            assertEquals(Pacing.INITIAL, votes(round).credit());
            grant(round, 1, 5);
            votes(round).agreeOnCredit();
            assertEquals(5, votes(round).credit());
            grant(round, 2, 3);
            votes(round).agreeOnCredit();
            assertEquals(3, votes(round).credit());
            grant(round, 2, 7);
            votes(round).agreeOnCredit();
            assertEquals(5, votes(round).credit());

            // a small vote, whose cap is less than that, and then a large one
            round.begin(vote(500), null, null, false);
            final int small = votes(round).credit();
            assertEquals(round.cap(), small);
            assertTrue(small < 5, "cap=" + small);
            votes(round).agreeOnCredit();
            round.begin(vote(4_000_000), null, null, false);
            assertEquals(5, votes(round).credit());

            // a broadcast between two votes changes nothing
            round.begin(broadcast(), null, null, false);
            grant(round, 1, 1);
            round.begin(vote(4_000_000), null, null, false);
            assertEquals(5, votes(round).credit());
        }
    }

    /** Credit of a one-way round begins at min(8, cap), also with the setting credit. */
    @Test
    void shouldBeginOneWayRoundsWithEight() {
        for (final int fixed : new int[] {0, 3, 100}) {
            try (Round round = round(network.transport(0, FRAME), fixed)) {
                round.begin(broadcast(), null, null, false);
                assertEquals(8, round.linkTo(1).peer().creditGranted());
                grant(round, 1, 20);
                round.begin(broadcast(), null, null, false);
                assertEquals(8, round.linkTo(1).peer().creditGranted());
                round.begin(vote(4_000_000), null, null, false);
                assertEquals(
                        fixed == 0 ? 8 : Math.min(fixed, round.cap()),
                        votes(round).credit());
            }
        }
    }

    /** BYE before any call names round 1. */
    @Test
    void shouldSayGoodbyeWithTheRoundAfterTheLast() {
        final SimTransport transport = network.transport(0, FRAME);
        try (Engine engine = new Engine(
                transport, LocalMembership.create(RANKS).get(0), new ScalarKernels(), network, settings(0))) {
            engine.leave(1_000);
            engine.doWork();
            network.advance(10);
        }
        final List<Long> rounds = new ArrayList<>();
        network.transport(1, FRAME)
                .poll(
                        (peer, buffer, offset, length) -> {
                            final DataFrameDecoder header = frame.read(buffer, offset, length);
                            assertEquals(DataFrame.BYE, header.kind());
                            assertEquals(DataFrame.HEADER_LENGTH, length);
                            return rounds.add(header.round());
                        },
                        10);
        assertEquals(List.of(1L), rounds);
    }

    private static VoteFlow votes(final Round round) {
        return (VoteFlow) round.flow();
    }

    private static void grant(final Round round, final int member, final int credit) {
        round.linkTo(member).peer().onGranted(credit, round.cap());
    }

    private List<Integer> creditsTo(final int to, final int from) {
        final List<Integer> chunks = new ArrayList<>();
        network.transport(to, FRAME)
                .poll(
                        (peer, buffer, offset, length) -> {
                            final DataFrameDecoder header = frame.read(buffer, offset, length);
                            assertEquals(from, peer);
                            assertEquals(DataFrame.CREDIT, header.kind());
                            return chunks.add(header.chunk());
                        },
                        100);
        return chunks;
    }

    private void send(
            final SimTransport transport,
            final int to,
            final short kind,
            final Call call,
            final int chunk,
            final int coordinates,
            final int ballots,
            final int credit,
            final int payloadLength) {
        final Claim claim = transport.newClaim();
        transport.tryClaim(to, DataFrame.HEADER_LENGTH + payloadLength, claim);
        frame.write(claim.buffer(), claim.offset(), kind, 1, call, chunk, coordinates, ballots, credit);
        claim.commit();
    }

    private Round round(final SimTransport transport, final int fixedCredit) {
        return new Round(transport, new ScalarKernels(), network, settings(fixedCredit));
    }

    private static RoundSettings settings(final int fixedCredit) {
        return new RoundSettings(1, 1, RANKS, new Plan.Sharded(RANKS), 7, 0, fixedCredit, 1_000_000_000L);
    }

    private static Call broadcast() {
        return new Call()
                .set(Collective.BROADCAST, null, DataType.FLOAT32, (long) CHUNKS * CHUNK, 0, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    private static Call vote(final long count) {
        return new Call().set(ReduceOp.MAJORITY, DataType.SIGN, count, 1).policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    }

    /** Ballots of whatever is there. */
    private static final class Nothing implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {}

        @Override
        public void refill(final long coordinate, final int count, final long words) {}
    }
}
