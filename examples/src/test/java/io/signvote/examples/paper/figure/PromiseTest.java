package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.task.Quadratic;
import io.signvote.examples.task.Quadratic.Watch;
import org.junit.jupiter.api.Test;

/** The bounds by hand: four components from 2, sigma 3: f0 = 8, |L| = 4, |sigma| = 12. */
class PromiseTest {
    private static final Promise PROMISE = Promise.of(new Quadratic(4, 2, 3, Watch.NORM));

    @Test
    void shouldKnowTheConstants() {
        assertEquals(new Promise(8, 4, 12), PROMISE);
    }

    @Test
    void shouldAskForTheRateOfTheTheorems() {
        // sqrt(8 / (4 * 50))
        assertEquals(0.2, PROMISE.rate(50), 1e-12);
    }

    @Test
    void shouldBoundSmallBatches() {
        // 3 sqrt(4 * 8 / 2)
        assertEquals(12, PROMISE.smallBatch(2), 1e-12);
    }

    @Test
    void shouldBoundAVote() {
        // 2 / 2 (12 / sqrt(9) + sqrt(32)); of 9 workers 3 invert: 1 - 2 / 3 is a third
        assertEquals(4 + Math.sqrt(32), PROMISE.vote(4, 9, 0), 1e-12);
        assertEquals(12 + Math.sqrt(32), PROMISE.vote(4, 9, 3), 1e-12);
    }
}
