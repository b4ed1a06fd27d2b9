package io.signvote.examples.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.PixelScale;
import io.signvote.examples.data.Text;
import io.signvote.examples.net.Score;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private static final PixelScale SCALE = new PixelScale(new float[] {0}, new float[] {1});

    @Test
    void shouldScoreEveryImageOnceOverAllRanks() {
        final Problem problem = new ImageProblem(Model.perceptron(8), images(205, 133), 100);

        Score whole = Score.NONE;
        for (int rank = 0; rank < 3; rank++) {
            whole = whole.plus(scored(problem, rank, 3, Split.TEST));
        }
        final Score alone = scored(problem, 0, 1, Split.TEST);

        assertEquals(100, whole.count());
        assertEquals(alone.right(), whole.right());
        assertEquals(alone.loss(), whole.loss(), 1e-4);
        assertEquals(21, scored(problem, 0, 1, Split.VALIDATION).count());
        assertEquals(184, problem.trainCount());
    }

    @Test
    void shouldLearnFromTheSameImagesWithTheSameSeedOnly() {
        final Problem problem = new ImageProblem(Model.perceptron(8), images(300, 10), 100);

        assertArrayEquals(gradients(problem, 1, 5), gradients(problem, 1, 5));
        assertNotEquals(gradients(problem, 1, 5)[3], gradients(problem, 2, 5)[3]);
    }

    @Test
    void shouldGoThroughAllSamplesBeforeOneComesAgain() {
        final Passes passes = new Passes(11, 10, 3, 1, 0);
        final boolean[] seen = new boolean[11];

        for (int step = 0; step < 3; step++) {
            final int end = passes.end(step);
            for (int i = end - 3; i < end; i++) {
                assertFalse(seen[passes.indices()[i]]);
                seen[passes.indices()[i]] = true;
            }
        }
        assertEquals(3, passes.end(3));
    }

    @Test
    void shouldRefuseABatchLargerThanAShard() {
        final Exception error = assertThrows(IllegalArgumentException.class, () -> new Passes(20, 19, 20, 1, 0));

        assertTrue(error.getMessage().startsWith("batch=20 > 19 samples a rank"), error.getMessage());
    }

    @Test
    void shouldKeepTheLastTenthsOfATextFromLearning() throws IOException {
        // learnt: only a and b; validation: only c; test: only d
        final String content = "ab".repeat(8000) + "c".repeat(2000) + "d".repeat(2000);
        final Problem problem = new TextProblem(Text.of("test", content), 4, 8, 10, 1500);
        final Learner learner = problem.learner(0, 1, 4, 1);
        learner.initialise(1);
        for (int step = 0; step < 2 * problem.trainCount() / 4; step++) {
            learner.learn(step);
            for (int i = 0; i < learner.parameters().length; i++) {
                learner.parameters()[i] -= 2e-3f * Math.signum(learner.gradients()[i]);
            }
        }

        assertEquals(1599, problem.trainCount());
        assertEquals(0, learner.score(Split.VALIDATION).right());
        assertEquals(0, learner.score(Split.TEST).right());
        assertEquals(1500, learner.score(Split.TEST).count());
        assertTrue(learner.learn((int) problem.trainCount()) < 0.3);
    }

    @Test
    void shouldSeeTheQuadraticThroughNoiseOfTheRightSize() {
        final Learner learner = new Quadratic(100_000, 2, 3, Quadratic.Watch.OBJECTIVE).learner(0, 1, 9, 1);
        learner.initialise(1);

        assertEquals(200_000, learner.learn(0), 1e-3);
        double mean = 0;
        double square = 0;
        for (final float gradient : learner.gradients()) {
            mean += gradient / 100_000;
            square += (gradient - 2.0) * (gradient - 2.0) / 100_000;
        }
        assertEquals(2, mean, 0.02);
        assertEquals(1, square, 0.03);
        assertEquals(200_000, learner.score(Split.TEST).loss(), 1e-3);
    }

    @Test
    void shouldWatchTheLeftSidesOfTheTheorems() {
        assertEquals(5, Quadratic.Watch.NORM.of(new float[] {2, -3}, 1));
        // of deviation 2 the critical size is 2.309: 2 counts 4 / 2, 3 counts 3
        assertEquals(5, Quadratic.Watch.MIXED_NORM.of(new float[] {2, -3}, 2), 1e-12);
    }

    private static Score scored(final Problem problem, final int rank, final int ranks, final Split split) {
        final Learner learner = problem.learner(rank, ranks, 4, 1);
        learner.initialise(1);
        return learner.score(split);
    }

    private static float[] gradients(final Problem problem, final long seed, final int steps) {
        final Learner learner = problem.learner(1, 3, 4, seed);
        learner.initialise(1);
        for (int step = 0; step < steps; step++) {
            learner.learn(step);
        }
        return learner.gradients();
    }

    private static ImageSet images(final int train, final int test) {
        return new ImageSet("noise", "a test", 1, 4, 5, noise(train), noise(test));
    }

    private static Images noise(final int count) {
        final byte[] pixels = new byte[16 * count];
        final byte[] labels = new byte[count];
        new SplittableRandom(count).nextBytes(pixels);
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 5);
        }
        return new Images(pixels, labels, 16, SCALE);
    }
}
