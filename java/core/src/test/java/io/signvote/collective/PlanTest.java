package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static final int CHUNKS = 1000;

    static Stream<Plan> plans() {
        return Stream.of(
                new Plan.Sharded(1),
                new Plan.Sharded(2),
                new Plan.Sharded(7),
                new Plan.Sharded(255),
                new Plan.Star(1, 0),
                new Plan.Star(4, 0),
                new Plan.Star(4, 3),
                new Plan.Star(4, 4),
                new Plan.Rooted(0),
                new Plan.Rooted(254),
                new Plan.Blocks(1, Plan.NONE),
                new Plan.Blocks(7, Plan.NONE),
                new Plan.Blocks(7, 3),
                new Plan.Own(5),
                new Plan.To(new Plan.Sharded(4), 2),
                new Plan.To(new Plan.Star(4, 1), 1));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldGiveEachChunkExactlyOneTallier(final Plan plan) {
        for (final long round : new long[] {1, 2, 254, 255, 256, 1L << 40, Long.MAX_VALUE}) {
            final int[] talliers = new int[CHUNKS];
            for (int member = 0; member <= 255; member++) {
                if (isMember(plan, member)) {
                    final int first = plan.firstChunk(member, round);
                    for (int chunk = first; first != Plan.NONE && chunk < CHUNKS; chunk += plan.stride()) {
                        talliers[chunk]++;
                    }
                }
            }
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                assertEquals(1, talliers[chunk], plan + " round=" + round + " chunk=" + chunk);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldCountTheBallotsOfThoseWhoCast(final Plan plan) {
        int casting = 0;
        for (int member = 0; member <= 255; member++) {
            casting += isMember(plan, member) && plan.casts(member, tallier(plan)) ? 1 : 0;
        }

        assertEquals(plan.ballots(), casting, plan.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 255})
    void shouldTurnTheShardsByOneEachRound(final int ranks) {
        final Plan plan = new Plan.Sharded(ranks);
        for (long round = 0; round < 600; round++) {
            for (int chunk = 0; chunk < ranks; chunk++) {
                assertEquals(chunk, plan.firstChunk((int) ((chunk + round) % ranks), round));
            }
        }
    }

    @Test
    void shouldSayHowManyStreamsMeetAtAMember() {
        assertEquals(12, new Plan.Sharded(7).inboundStreams());
        assertEquals(7, new Plan.Star(7, 0).inboundStreams());
        assertEquals(7, new Plan.Star(7, 7).inboundStreams());
        assertEquals(1, new Plan.Rooted(3).inboundStreams());
        assertEquals(12, new Plan.Replicated(7).inboundStreams());
        assertEquals(6, new Plan.Blocks(7, Plan.NONE).inboundStreams());
        assertEquals(1, new Plan.Blocks(7, 3).inboundStreams());
        assertEquals(6, new Plan.Own(7).inboundStreams());
        assertEquals(7, new Plan.To(new Plan.Star(7, 2), 2).inboundStreams());
    }

    @Test
    void shouldLetAServerCastNothingAndARootAlone() {
        assertFalse(new Plan.Star(4, 4).casts(4, 4));
        assertTrue(new Plan.Star(4, 0).casts(0, 0));
        assertTrue(new Plan.Rooted(2).casts(2, 2));
        assertFalse(new Plan.Rooted(2).casts(1, 2));
        assertTrue(new Plan.Rooted(2).isOneWay());
        assertFalse(new Plan.Sharded(4).isOneWay());
    }

    @Test
    void shouldGiveResultsToThoseWhoWantThem() {
        final Plan reduction = new Plan.To(new Plan.Sharded(4), 2);
        assertTrue(reduction.wants(2, 0));
        assertFalse(reduction.wants(1, 0));
        assertTrue(new Plan.Sharded(4).wants(1, 0));
        assertTrue(new Plan.Own(4).wants(1, 0));
        assertFalse(new Plan.Blocks(4, Plan.NONE).wants(1, 0));
        assertFalse(new Plan.Replicated(4).wants(1, 0));
    }

    @Test
    void shouldLetEveryRankTallyAllChunksOfAReplicatedPlan() {
        final Plan plan = new Plan.Replicated(3);
        for (int rank = 0; rank < 3; rank++) {
            assertEquals(0, plan.firstChunk(rank, 7));
            assertEquals(CHUNKS, plan.chunkCount(rank, 0, CHUNKS));
            assertTrue(plan.casts(rank, 0));
        }
        assertEquals(Plan.NONE, plan.firstChunk(3, 7));
        assertEquals(3, plan.ballots());
    }

    /** Some member that tallies. */
    private static int tallier(final Plan plan) {
        if (plan instanceof Plan.To to) {
            return tallier(to.plan());
        }
        return plan instanceof Plan.Rooted rooted ? rooted.root() : plan instanceof Plan.Star star ? star.tallier() : 0;
    }

    private static boolean isMember(final Plan plan, final int member) {
        if (plan instanceof Plan.Sharded sharded) {
            return member < sharded.ranks();
        }
        if (plan instanceof Plan.Blocks blocks) {
            return member < blocks.ranks();
        }
        if (plan instanceof Plan.Own own) {
            return member < own.ranks();
        }
        if (plan instanceof Plan.To to) {
            return isMember(to.plan(), member);
        }
        return !(plan instanceof Plan.Star star) || member < star.ranks() || member == star.tallier();
    }
}
