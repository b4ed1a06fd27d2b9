package io.signvote.examples.resnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.LocalRanks;
import io.signvote.examples.RateSchedule;
import io.signvote.examples.data.ImageSet;
import io.signvote.examples.data.Images;
import io.signvote.examples.data.SampleOrder;
import io.signvote.examples.method.Method;
import io.signvote.examples.net.Batch;
import io.signvote.examples.net.Score;
import io.signvote.examples.paper.run.Participants;
import io.signvote.examples.paper.run.Recording;
import io.signvote.examples.paper.run.Trial;
import io.signvote.examples.paper.run.TrialSettings;
import io.signvote.examples.task.ImageProblem;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Model;
import io.signvote.examples.task.Models;
import io.signvote.examples.task.Split;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ResNetClassifierTest {
    private static final int WIDTH = 16;
    private static final int COUNT = 8;

    private static ImageSet set;
    private static Batch batch;

    @BeforeAll
    static void read() throws Exception {
        final Path shipped = Path.of(System.getProperty("signvote.root"), "examples", "data");
        final ImageSet all = ImageSet.read(shipped, shipped);
        final Images train = all.train().select(SampleOrder.inOrder(200));
        final Images test = all.test().select(SampleOrder.inOrder(40));
        set = new ImageSet(all.name(), all.origin(), all.channels(), all.side(), all.classes(), train, test);
        batch = new Batch(train.pixelCount(), COUNT).fill(train, SampleOrder.inOrder(COUNT), 0, COUNT);
    }

    @Test
    void shouldBeginWithTheParametersOfTheSeed() {
        try (ResNetClassifier one = new ResNetClassifier(set, WIDTH);
                ResNetClassifier same = new ResNetClassifier(set, WIDTH)) {
            one.initialise(5);
            same.initialise(5);

            assertArrayEquals(one.parameters(), same.parameters());
            assertEquals(one.train(batch), same.train(batch));
            assertArrayEquals(one.gradients(), same.gradients());
            assertEquals(one.tensors().total(), one.parameters().length);
            same.initialise(6);
            assertFalse(Arrays.equals(one.parameters(), same.parameters()));
        }
    }

    /** The slope of the loss along the gradient is its squared length: tells wrong order, scale and leftovers of another batch. */
    @Test
    void shouldGiveTheGradientOfTheLoss() {
        try (ResNetClassifier network = new ResNetClassifier(set, WIDTH)) {
            network.initialise(5);
            network.train(batch);
            network.train(batch);
            final float[] gradient = network.gradients().clone();
            final float[] start = network.parameters().clone();
            double squares = 0;
            for (final float g : gradient) {
                squares += (double) g * g;
            }
            final double step = 2e-3 / Math.sqrt(squares);

            final double up = lossAt(network, start, gradient, step);
            final double down = lossAt(network, start, gradient, -step);

            final double slope = (up - down) / (2 * step);
            assertEquals(squares, slope, 0.05 * squares);
        }
    }

    private static double lossAt(
            final ResNetClassifier network, final float[] start, final float[] direction, final double step) {
        for (int i = 0; i < start.length; i++) {
            network.parameters()[i] = (float) (start[i] + step * direction[i]);
        }
        return network.train(batch);
    }

    @Test
    void shouldScoreByTheStatisticsThatItIsGiven() {
        try (ResNetClassifier network = new ResNetClassifier(set, WIDTH)) {
            network.initialise(5);
            final float[] before = network.statistics().clone();
            network.train(batch);
            assertFalse(Arrays.equals(before, network.statistics()), "a batch moves them");
            final Score own = network.score(batch);
            assertEquals(COUNT, own.count());

            System.arraycopy(before, 0, network.statistics(), 0, before.length);
            final Score other = network.score(batch);

            assertTrue(Math.abs(own.loss() - other.loss()) > 1e-3, own + " " + other);
            assertArrayEquals(before, network.statistics(), "scoring leaves them");
        }
    }

    @Test
    void shouldLearnByVoteOverRanksThatShareStatistics() throws Exception {
        final ImageProblem problem = new ImageProblem(Models.find("resnet18", false), set, 40);
        final TrialSettings settings = new TrialSettings(
                problem,
                Method.vote(0.9f),
                Participants.honest(2),
                COUNT,
                30,
                3,
                RateSchedule.CONSTANT,
                1e-3f,
                1,
                Split.TEST);

        final Recording recording = new Trial(settings).run(progress -> {});

        final long first = recording.points().get(0).score().right();
        assertTrue(recording.last().score().right() >= 2 * first + 4, recording.toString());
        assertEquals(recording, new Trial(settings).run(progress -> {}), "again, the same");
    }

    @Test
    void shouldTakeTurnsWhereRanksAreThreads() throws Exception {
        final ImageProblem problem = new ImageProblem(Models.find("resnet18", false), set, 40);

        final List<Double> losses = LocalRanks.run(3, 1, communicator -> {
            try (Learner learner = problem.learner(communicator.rank(), 3, COUNT, 1)) {
                learner.initialise(1);
                return learner.learn(0) + learner.learn(1);
            }
        });

        losses.forEach(loss -> assertTrue(loss > 0 && loss < 100, losses.toString()));
    }

    @Test
    void shouldBeFoundByItsName() {
        final Model model = Models.find("resnet18", false);

        assertTrue(model.settings().startsWith("ResNet-18 for 32x32, width 16"), model.settings());
        assertTrue(Models.find("resnet18", true).settings().startsWith("ResNet-18 for 32x32, width 64"));
        assertNotSame(Models.find("perceptron", false).settings(), model.settings());
        final IllegalArgumentException unknown =
                assertThrows(IllegalArgumentException.class, () -> Models.find("resnet19", false));
        assertTrue(
                unknown.getMessage().startsWith("--model resnet19 is not here, expected perceptron"),
                unknown.getMessage());
    }
}
