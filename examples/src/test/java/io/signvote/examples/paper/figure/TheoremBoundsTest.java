package io.signvote.examples.paper.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.task.Quadratic;
import io.signvote.examples.task.Quadratic.Watch;
import org.junit.jupiter.api.Test;

/** The bounds by hand: four components from 2, sigma 3: f0 = 8, |L| = 4, |sigma| = 12. */
class TheoremBoundsTest {
    private static final TheoremBounds BOUNDS = TheoremBounds.of(new Quadratic(4, 2, 3, Watch.NORM));

    @Test
    void shouldKnowTheConstants() {
        assertEquals(new TheoremBounds(8, 4, 12), BOUNDS);
    }

    @Test
    void shouldAskForTheRateOfTheTheorems() {
        // sqrt(8 / (4 * 50))
        assertEquals(0.2, BOUNDS.rate(50), 1e-12);
    }

    @Test
    void shouldBoundSmallBatches() {
        // 3 sqrt(4 * 8 / 2)
        assertEquals(12, BOUNDS.smallBatch(2), 1e-12);
    }

    @Test
    void shouldBoundAVote() {
        // 2 / 2 (12 / sqrt(9) + sqrt(32)); of 9 workers 3 invert: 1 - 2 / 3 is a third
        assertEquals(4 + Math.sqrt(32), BOUNDS.vote(4, 9, 0), 1e-12);
        assertEquals(12 + Math.sqrt(32), BOUNDS.vote(4, 9, 3), 1e-12);
    }
}
