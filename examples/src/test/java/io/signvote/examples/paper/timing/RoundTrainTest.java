package io.signvote.examples.paper.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.paper.timing.GradientExchange.Kind;
import org.junit.jupiter.api.Test;

class RoundTrainTest {
    private static final ShapedLink SLOW = new ShapedLink(100);

    @Test
    void shouldKnowTheLeastThatALinkTakes() {
        // 2 * 1,000,000 * 6/7 bytes are 13.71 Mbit
        assertEquals(137.14, SLOW.allReduceMs(1_000_000, 7), 0.01);
        assertEquals("100mbit", SLOW.rate());
        assertEquals("1,000 Mbit/s", new ShapedLink(1000).toString());
    }

    @Test
    void shouldLastAsLongAsItIsTold() {
        // 2 * 4,000,000 * 3/4 bytes a round: 480 ms
        assertEquals(new RoundTrain(Kind.MEAN, 1_000_000, 4), RoundTrain.lasting(Kind.MEAN, 1_000_000, SLOW, 4, 2000));
        // 15 ms a round, a thirty-second of that
        assertEquals(
                new RoundTrain(Kind.VOTE, 1_000_000, 133), RoundTrain.lasting(Kind.VOTE, 1_000_000, SLOW, 4, 2000));
    }

    @Test
    void shouldKeepToSomeRounds() {
        assertEquals(3, RoundTrain.lasting(Kind.MEAN, 10_000_000, SLOW, 4, 100).rounds());
        assertEquals(1, RoundTrain.lasting(Kind.MEAN, 10_000_000, SLOW, 4, 100).warmup());
        assertEquals(300, RoundTrain.lasting(Kind.VOTE, 100, SLOW, 4, 100_000).rounds());
        assertEquals(25, RoundTrain.lasting(Kind.VOTE, 100, SLOW, 4, 100).rounds());
    }

    @Test
    void shouldWarmAVoteAndAnAverageAsLong() {
        for (final int megabits : new int[] {25, 100, 265, 1000}) {
            final ShapedLink link = new ShapedLink(megabits);
            for (final Kind kind : Kind.values()) {
                final RoundTrain train = RoundTrain.lasting(kind, 106_122, link, 7, 500);
                assertEquals(train.rounds() / 4.0, train.warmup(), 1, train + " at " + link);
            }
        }
    }

    @Test
    void shouldReadWhatItWrites() {
        final RoundTrain train = new RoundTrain(Kind.VOTE, 50_890, 20);

        assertEquals("vote:50890:20", train.toString());
        assertEquals(train, RoundTrain.parse(train.toString()));
    }
}
