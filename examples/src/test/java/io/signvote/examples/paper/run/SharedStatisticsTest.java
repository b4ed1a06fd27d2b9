package io.signvote.examples.paper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.examples.RateSchedule;
import io.signvote.examples.method.Method;
import io.signvote.examples.net.Score;
import io.signvote.examples.net.Tensors;
import io.signvote.examples.task.Learner;
import io.signvote.examples.task.Measure;
import io.signvote.examples.task.Problem;
import io.signvote.examples.task.Split;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Models whose running statistics differ between ranks until they are averaged. */
class SharedStatisticsTest {
    private final AtomicInteger open = new AtomicInteger();

    @Test
    void shouldScoreByTheMeanOfAllRanksStatistics() throws Exception {
        final TrialSettings settings = new TrialSettings(
                new Drifting(),
                Method.sgd(0),
                Participants.honest(3),
                1,
                2,
                2,
                RateSchedule.CONSTANT,
                0.1f,
                1,
                Split.TEST);

        final List<ScoredPoint> points = new Trial(settings).run(progress -> {}).points();

        // ranks drift by 1, 2 and 3 a step, from 0, and from their mean
        assertEquals(
                List.of(0.0, 2.0, 4.0),
                points.stream().map(point -> point.score().loss() / 3).toList());
        assertEquals(0, open.get(), "models are closed");
    }

    private final class Drifting implements Problem {
        @Override
        public String settings() {
            return "drifting";
        }

        @Override
        public String description() {
            return "drifting";
        }

        @Override
        public Measure measure() {
            return Measure.OBJECTIVE;
        }

        @Override
        public long trainCount() {
            return 1;
        }

        @Override
        public Learner learner(final int rank, final int ranks, final int batch, final long seed) {
            open.incrementAndGet();
            final float[] floats = new float[1];
            final float[] statistics = new float[1];
            return new Learner() {
                @Override
                public float[] parameters() {
                    return floats;
                }

                @Override
                public float[] gradients() {
                    return floats;
                }

                @Override
                public Tensors tensors() {
                    return new Tensors(1);
                }

                @Override
                public void initialise(final long seed) {}

                @Override
                public double learn(final int step) {
                    statistics[0] += rank + 1;
                    return 0;
                }

                @Override
                public float[] statistics() {
                    return statistics;
                }

                @Override
                public Score score(final Split split) {
                    return new Score(statistics[0], 0, 1);
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }
}
