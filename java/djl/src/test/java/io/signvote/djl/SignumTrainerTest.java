package io.signvote.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.metric.Metrics;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.tracker.Tracker;
import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.error.RoundTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Votes of DJL's gradients on DJL's parameters. */
class SignumTrainerTest {
    private static final int STEPS = 5;
    private static final Tracker RATES = step -> 1e-2f / step;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldStepAsThePlainAlgorithmDoesOnTheSameGradients(final int ranks) throws Exception {
        final float[][][] gradients = new float[STEPS][ranks][];
        final float[][][] after = new float[STEPS + 1][ranks][];

        Ranks.run(ranks, communicator -> {
            final int rank = communicator.rank();
            try (Student student = student(communicator)) {
                student.signum().learningRate(RATES).momentum(0.8f).weightDecay(0.01f);
                after[0][rank] = student.trained();
                for (int step = 0; step < STEPS; step++) {
                    student.backward(rank, step);
                    gradients[step][rank] = student.gradients();
                    student.trainer().step();
                    after[step + 1][rank] = student.trained();
                }
                assertEquals(STEPS, student.signum().signum().steps());
            }
            return null;
        });

        final PlainSignum plain = new PlainSignum(ranks, after[0][0]);
        for (int step = 0; step < STEPS; step++) {
            plain.step(gradients[step], RATES.getNewValue(step + 1), 0.8f, 0.01f);
            for (int rank = 0; rank < ranks; rank++) {
                assertArrayEquals(plain.parameters, after[step + 1][rank], "step " + step + " rank " + rank);
            }
        }
    }

    @Test
    void shouldBeginWithTheParametersOfRank0() throws Exception {
        final float[][] alone = new float[3][];
        final float[][] shared = new float[3][];

        Ranks.run(3, communicator -> {
            final int rank = communicator.rank();
            try (Student student = Student.of(Student.network(), (model, config) -> model.newTrainer(config))) {
                alone[rank] = student.initialized().all();
            }
            try (Student student = student(communicator)) {
                shared[rank] = student.all();
            }
            return null;
        });

        assertFalse(Arrays.equals(alone[0], alone[1]), "all ranks draw the same numbers, so nothing is tested");
        assertArrayEquals(shared[0], shared[1]);
        assertArrayEquals(shared[0], shared[2]);
    }

    @Test
    void shouldOutvoteOneOfThreeThatInvertsItsGradients() throws Exception {
        final List<float[]> honest = steps(3, 3);
        final List<float[]> outvoted = steps(3, 2);
        final List<float[]> lost = steps(3, 1);

        assertArrayEquals(honest.get(0), outvoted.get(0));
        assertArrayEquals(outvoted.get(0), outvoted.get(2));
        assertFalse(Arrays.equals(honest.get(0), lost.get(0)), "two of three have no say");
    }

    @Test
    void shouldGoOnFromWhatWasSavedAsIfNothingHadHappened() throws Exception {
        final List<Boolean> isSame = Ranks.run(2, communicator -> {
            final int rank = communicator.rank();
            final ByteArrayOutputStream momentum = new ByteArrayOutputStream();
            final ByteArrayOutputStream parameters = new ByteArrayOutputStream();
            final float[] expected;
            try (Student student = student(communicator)) {
                train(student, rank, 0, 3);
                student.signum().signum().save(momentum);
                student.model.getBlock().saveParameters(new DataOutputStream(parameters));
                train(student, rank, 3, 6);
                expected = student.trained();
            }
            try (Student student = Student.of(
                    Student.network(),
                    (model, config) -> new SignumTrainer(model, config, communicator).learningRate(1e-2f))) {
                final DataInputStream saved = new DataInputStream(new ByteArrayInputStream(parameters.toByteArray()));
                student.model.getBlock().loadParameters(student.model.getNDManager(), saved);
                student.initialized();
                student.signum().signum().restore(new ByteArrayInputStream(momentum.toByteArray()));
                train(student, rank, 3, 6);
                return Arrays.equals(expected, student.trained());
            }
        });

        assertEquals(List.of(true, true), isSame);
    }

    @Test
    void shouldRetryAStepThatFailedWithoutAdvancingMomentumTwice() throws Exception {
        final float[][] before = new float[2][];
        final Student[] students = new Student[2];
        final List<float[]> expected = Ranks.run(2, communicator -> {
            try (Student student = student(communicator)) {
                fill(student);
                train(student, communicator.rank(), 0, 2);
                return student.trained();
            }
        });

        final List<Throwable> errors =
                Ranks.errors(2, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(2)), communicator -> {
                    final int rank = communicator.rank();
                    students[rank] = student(communicator);
                    fill(students[rank]);
                    before[rank] = students[rank].trained();
                    students[rank].backward(rank, 0);
                    if (rank == 1) {
                        Thread.sleep(TimeUnit.SECONDS.toMillis(3));
                    }
                    students[rank].trainer().step();
                    return null;
                });
        assertInstanceOf(RoundTimeoutException.class, errors.get(0));
        assertInstanceOf(RoundTimeoutException.class, errors.get(1));
        final List<float[]> parameters = Ranks.run(2, communicator -> {
            final int rank = communicator.rank();
            assertArrayEquals(before[rank], students[rank].trained());
            try (Student student = students[rank]) {
                student.signum().retry(communicator);
                train(student, rank, 1, 2);
                return student.trained();
            }
        });

        assertArrayEquals(expected.get(0), parameters.get(0));
        assertArrayEquals(expected.get(1), parameters.get(1));
    }

    @Test
    void shouldClearGradientsAndTimeTheStep() throws Exception {
        Ranks.run(1, communicator -> {
            try (Student student = student(communicator)) {
                final Metrics metrics = new Metrics();
                student.trainer().setMetrics(metrics);
                train(student, 0, 0, 2);

                final float[] gradients = student.gradients();
                assertArrayEquals(new float[gradients.length], gradients);
                assertEquals(2, metrics.getMetric("step").size());
                assertTrue(metrics.hasMetric("forward"));
            }
            return null;
        });
    }

    @Test
    void shouldStepAParameterThatStandsInTheBlockTwiceOnce() throws Exception {
        Ranks.run(1, communicator -> {
            final Linear tied = Linear.builder().setUnits(Student.INPUTS).build();
            final SequentialBlock block = new SequentialBlock()
                    .add(tied)
                    .add(tied)
                    .add(Linear.builder().setUnits(Student.OUTPUTS).build());
            try (Student student = Student.of(
                            block, (model, config) -> new SignumTrainer(model, config, communicator).learningRate(0.5f))
                    .initialized()) {
                final float[] before = student.trained();
                train(student, 0, 0, 1);
                final float[] after = student.trained();
                for (int i = 0; i < before.length; i++) {
                    assertEquals(0.5f, Math.abs(after[i] - before[i]), 1e-5f, "coordinate " + i);
                }
            }
            return null;
        });
    }

    @Test
    void shouldLeaveFrozenParametersOutOfTheVote() throws Exception {
        final int frozen = Student.INPUTS * 13 + 13;
        final List<float[]> parameters = Ranks.run(2, communicator -> {
            final SequentialBlock block = Student.network();
            block.getChildren().values().get(0).freezeParameters(true);
            try (Student student = Student.of(block, (model, config) -> new SignumTrainer(model, config, communicator))
                    .initialized()) {
                final float[] before = student.all();
                train(student, communicator.rank(), 0, 2);
                final float[] after = student.all();
                assertArrayEquals(Arrays.copyOf(before, frozen), Arrays.copyOf(after, frozen));
                assertFalse(Arrays.equals(before, after), "nothing was trained");
                return student.trained();
            }
        });

        assertEquals(2 * 13 + 13 * Student.OUTPUTS + Student.OUTPUTS, parameters.get(0).length);
        assertArrayEquals(parameters.get(0), parameters.get(1));
    }

    /** Parameters after some steps in which all ranks have the same gradients, and those from a rank on turn them over. */
    private static List<float[]> steps(final int ranks, final int firstInverter) throws Exception {
        return Ranks.run(ranks, communicator -> {
            try (Student student = student(communicator)) {
                fill(student);
                for (int step = 0; step < STEPS; step++) {
                    student.backward(0, step);
                    if (communicator.rank() >= firstInverter) {
                        student.invert();
                    }
                    student.trainer().step();
                }
                return student.trained();
            }
        });
    }

    private static Student student(final Communicator communicator) {
        return Student.of(
                        Student.network(),
                        (model, config) -> new SignumTrainer(model, config, communicator).learningRate(1e-2f))
                .initialized();
    }

    /** Gives it parameters that are the same in every run. */
    private static void fill(final Student student) {
        student.model.getBlock().getParameters().values().forEach(parameter -> {
            final FloatBuffer floats = parameter.getArray().toByteBuffer(true).asFloatBuffer();
            while (parameter.requiresGradient() && floats.hasRemaining()) {
                floats.put((floats.position() % 7 - 3) / 8f);
            }
        });
    }

    private static void train(final Student student, final int rank, final int first, final int end) {
        for (int step = first; step < end; step++) {
            student.backward(rank, step);
            student.trainer().step();
        }
    }
}
