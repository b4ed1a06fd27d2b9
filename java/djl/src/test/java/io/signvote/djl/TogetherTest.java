package io.signvote.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.EpochTrainingListener;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.error.ProtocolException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that would stop early, or skip a step, each by itself. */
class TogetherTest {
    private static final int EPOCHS = 4;

    /** DJL's listener stops rank 1 after its first epoch; rank 0 never. */
    private static TrainingListener earlyOn(final int rank) {
        return EarlyStoppingListener.builder()
                .optMinEpochs(0)
                .optMaxMillis(rank == 1 ? 0 : Integer.MAX_VALUE)
                .optEpochPatience(Integer.MAX_VALUE)
                .build();
    }

    @Test
    void shouldSayWhoStoppedEarlyAfterHowManyCalls() throws Exception {
        final List<Throwable> errors =
                Ranks.errors(2, new Context(), communicator -> fit(communicator, earlyOn(communicator.rank()), EPOCHS));

        assertInstanceOf(ProtocolException.class, errors.get(0));
        final String message = errors.get(0).getMessage();
        assertTrue(message.contains("rank 1 called close() after "), message);
        assertTrue(message.contains("stop early"), message);
    }

    @Test
    void shouldStopAllRanksInTheSameEpoch() throws Exception {
        final List<Outcome> outcomes = Ranks.run(
                2, communicator -> fit(communicator, new CollectiveStop(earlyOn(communicator.rank())), EPOCHS));

        assertTrue(outcomes.get(1).stopEpoch >= 0, "rank 1 did not stop");
        assertEquals(outcomes.get(1).stopEpoch, outcomes.get(0).stopEpoch);
        assertTrue(outcomes.get(0).steps < 3 * EPOCHS, "rank 0 went on");
        assertEquals(outcomes.get(0).steps, outcomes.get(1).steps);
        assertArrayEquals(outcomes.get(0).parameters, outcomes.get(1).parameters);
    }

    @Test
    void shouldGoOnWhereNobodyStops() throws Exception {
        final List<Outcome> outcomes =
                Ranks.run(2, communicator -> fit(communicator, new CollectiveStop(earlyOn(0)), EPOCHS));

        assertEquals(3 * EPOCHS, outcomes.get(0).steps);
        assertArrayEquals(outcomes.get(0).parameters, outcomes.get(1).parameters);
    }

    @Test
    void shouldSkipAStepOnAllRanksWhereOneMust() throws Exception {
        final List<float[]> parameters = Ranks.run(2, communicator -> {
            final int rank = communicator.rank();
            try (Student student = Student.of(
                            Student.network(), (model, config) -> new SignumTrainer(model, config, communicator))
                    .initialized()) {
                for (int step = 0; step < 5; step++) {
                    student.backward(rank, step);
                    final boolean isFinite = rank != 1 || step != 2;
                    assertEquals(step != 2, student.signum().stepIfAll(isFinite));
                    for (final float gradient : student.gradients()) {
                        assertEquals(0, gradient, "gradients are cleared");
                    }
                }
                assertEquals(4, student.signum().signum().steps());
                return student.trained();
            }
        });

        assertArrayEquals(parameters.get(0), parameters.get(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowACosineScheduleDownToZero(final boolean isVote) throws Exception {
        final Tracker cosine = Tracker.cosine()
                .setBaseValue(0.1f)
                .optFinalValue(0)
                .setMaxUpdates(4)
                .build();
        final List<float[]> parameters = Ranks.run(2, communicator -> {
            try (Student student = Student.of(
                            Student.network(),
                            (model, config) -> isVote
                                    ? new SignumTrainer(model, config, communicator).learningRate(cosine)
                                    : new AveragingTrainer(
                                            model,
                                            config.optOptimizer(Optimizer.sgd()
                                                    .setLearningRateTracker(cosine)
                                                    .build()),
                                            communicator))
                    .initialized()) {
                for (int step = 0; step < 4; step++) {
                    student.backward(communicator.rank(), step);
                    student.trainer().step();
                }
                final float[] before = student.trained();
                for (int step = 4; step < 6; step++) {
                    student.backward(communicator.rank(), step);
                    student.trainer().step();
                }
                assertArrayEquals(before, student.trained(), "the rate is 0 by then");
                return before;
            }
        });

        assertArrayEquals(parameters.get(0), parameters.get(1));
    }

    private static Outcome fit(final Communicator communicator, final TrainingListener listener, final int epochs)
            throws Exception {
        try (Student student = Student.of(
                        Student.network(),
                        (model, config) -> new SignumTrainer(
                                model,
                                config.addTrainingListeners(
                                        new EpochTrainingListener(), new EvaluatorTrainingListener(), listener),
                                communicator))
                .initialized()) {
            final Trainer trainer = student.trainer();
            int stopEpoch = -1;
            try {
                final Dataset data = data(trainer.getManager(), communicator.rank());
                EasyTrain.fit(trainer, epochs, data, data);
            } catch (final EarlyStoppingListener.EarlyStoppedException e) {
                stopEpoch = e.getStopEpoch();
            }
            return new Outcome(stopEpoch, student.signum().signum().steps(), student.trained());
        }
    }

    private static Dataset data(final NDManager manager, final int rank) {
        final int rows = 18;
        return new ArrayDataset.Builder()
                .setData(manager.create(draw(rank, rows * Student.INPUTS), new Shape(rows, Student.INPUTS)))
                .optLabels(manager.create(draw(rank + 10, rows * Student.OUTPUTS), new Shape(rows, Student.OUTPUTS)))
                .setSampling(6, false)
                .build();
    }

    private static float[] draw(final int seed, final int count) {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private record Outcome(int stopEpoch, long steps, float[] parameters) {}
}
