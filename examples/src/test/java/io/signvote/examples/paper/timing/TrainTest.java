package io.signvote.examples.paper.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.paper.timing.Exchange.Kind;
import org.junit.jupiter.api.Test;

class TrainTest {
    private static final Link SLOW = new Link(100);

    @Test
    void shouldKnowTheLeastThatALinkTakes() {
        // 2 * 1,000,000 * 6/7 bytes are 13.71 Mbit
        assertEquals(137.14, SLOW.allReduceMs(1_000_000, 7), 0.01);
        assertEquals("100mbit", SLOW.rate());
        assertEquals("1,000 Mbit/s", new Link(1000).toString());
    }

    @Test
    void shouldLastAsLongAsItIsTold() {
        // 2 * 4,000,000 * 3/4 bytes a round: 480 ms
        assertEquals(new Train(Kind.MEAN, 1_000_000, 4), Train.lasting(Kind.MEAN, 1_000_000, SLOW, 4, 2000));
        // 15 ms a round, a thirty-second of that
        assertEquals(new Train(Kind.VOTE, 1_000_000, 133), Train.lasting(Kind.VOTE, 1_000_000, SLOW, 4, 2000));
    }

    @Test
    void shouldKeepToSomeRounds() {
        assertEquals(3, Train.lasting(Kind.MEAN, 10_000_000, SLOW, 4, 100).rounds());
        assertEquals(1, Train.lasting(Kind.MEAN, 10_000_000, SLOW, 4, 100).warmup());
        assertEquals(300, Train.lasting(Kind.VOTE, 100, SLOW, 4, 100_000).rounds());
        assertEquals(25, Train.lasting(Kind.VOTE, 100, SLOW, 4, 100).rounds());
    }

    @Test
    void shouldWarmAVoteAndAnAverageAsLong() {
        for (final int megabits : new int[] {25, 100, 265, 1000}) {
            final Link link = new Link(megabits);
            for (final Kind kind : Kind.values()) {
                final Train train = Train.lasting(kind, 106_122, link, 7, 500);
                assertEquals(train.rounds() / 4.0, train.warmup(), 1, train + " at " + link);
            }
        }
    }

    @Test
    void shouldReadWhatItWrites() {
        final Train train = new Train(Kind.VOTE, 50_890, 20);

        assertEquals("vote:50890:20", train.toString());
        assertEquals(train, Train.parse(train.toString()));
    }
}
