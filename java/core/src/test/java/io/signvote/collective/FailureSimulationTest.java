package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Random schedules in which something breaks. {@code -Dsignvote.test.seed=S} runs the one schedule S and nothing else.
 */
class FailureSimulationTest {
    private static final int SCHEDULES = Math.max(50, Integer.getInteger("signvote.test.schedules", 3_000) / 5);

    @Test
    void shouldEndEveryRankByItsDeadlineWhenAMemberIsCutOff() {
        final int[] failed = new int[1];

        forSeeds(schedule -> failed[0] += schedule.runWithCut() ? 1 : 0);

        assertTrue(failed[0] > 0 || Long.getLong("signvote.test.seed") != null, "no schedule failed");
    }

    @Test
    void shouldTellEveryRankBothCallsWhenOneCallsSomethingElse() {
        forSeeds(FailingSchedule::runWithMismatch);
    }

    private static void forSeeds(final Consumer<FailingSchedule> run) {
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            final long seed = first + i;
            try (FailingSchedule schedule = new FailingSchedule(seed)) {
                run.accept(schedule);
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed, t);
            }
        }
    }
}
