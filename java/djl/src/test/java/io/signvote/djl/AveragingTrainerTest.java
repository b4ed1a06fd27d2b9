package io.signvote.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.metric.Metrics;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Means of DJL's gradients and of its running statistics. */
class AveragingTrainerTest {
    private static final int RANKS = 3;
    private static final int STEPS = 4;

    @Test
    void shouldStepDjlsOptimizerOnTheMeanOfTheGradients() throws Exception {
        final float[][][] gradients = new float[STEPS][RANKS][];
        final float[][][] after = new float[STEPS + 1][RANKS][];

        Ranks.run(RANKS, communicator -> {
            final int rank = communicator.rank();
            try (Student student = Student.of(
                            Student.network(), (model, config) -> new AveragingTrainer(model, config, communicator))
                    .initialized()) {
                final Metrics metrics = new Metrics();
                student.trainer().setMetrics(metrics);
                after[0][rank] = student.trained();
                for (int step = 0; step < STEPS; step++) {
                    student.backward(rank, step);
                    gradients[step][rank] = student.gradients();
                    student.trainer().step();
                    after[step + 1][rank] = student.trained();
                }
                assertEquals(STEPS, metrics.getMetric("allReduce").size());
                assertEquals(STEPS, metrics.getMetric("step").size());
            }
            return null;
        });

        final float[] x = after[0][0].clone();
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < x.length; i++) {
                final float sum = gradients[step][0][i] + gradients[step][1][i] + gradients[step][2][i];
                x[i] -= sum / RANKS * Student.SGD_RATE;
            }
            for (int rank = 0; rank < RANKS; rank++) {
                assertArrayEquals(x, after[step + 1][rank], "step " + step + " rank " + rank);
            }
        }
    }

    @Test
    void shouldEvaluateWithTheMeanOfTheRanksRunningStatistics() throws Exception {
        final float[][] own = new float[RANKS][];
        final List<float[]> averaged = Ranks.run(RANKS, communicator -> {
            final int rank = communicator.rank();
            try (Student student = Student.of(
                            Student.network(), (model, config) -> new SignumTrainer(model, config, communicator))
                    .initialized()) {
                student.backward(rank, 0);
                student.trainer().step();
                own[rank] = statistics(student);
                student.evaluate();
                final float[] mean = statistics(student);

                if (rank == 0) {
                    // alone: nothing has changed since, so nobody need take part
                    student.evaluate();
                    assertArrayEquals(mean, statistics(student));
                }
                return mean;
            }
        });

        assertFalse(Arrays.equals(own[0], own[1]), "all ranks saw the same batch");
        for (int rank = 0; rank < RANKS; rank++) {
            for (int i = 0; i < own[0].length; i++) {
                assertEquals((own[0][i] + own[1][i] + own[2][i]) / RANKS, averaged.get(rank)[i], "statistic " + i);
            }
        }
    }

    private static float[] statistics(final Student student) {
        final float[] means = student.of(Parameter.Type.RUNNING_MEAN);
        final float[] variances = student.of(Parameter.Type.RUNNING_VAR);
        final float[] both = Arrays.copyOf(means, means.length + variances.length);
        System.arraycopy(variances, 0, both, means.length, variances.length);
        return both;
    }
}
