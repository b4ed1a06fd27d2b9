package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.FailingSchedule.Trouble;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules in which something breaks. {@code -Dsignvote.test.seed=S} runs the one schedule S and nothing else.
 */
class FailureSimulationTest {
    private static final int SCHEDULES = Math.max(50, Integer.getInteger("signvote.test.schedules", 3_000) / 5);

    @ParameterizedTest
    @EnumSource
    void shouldEndEveryRankByItsDeadlineAndRefuseLaterCalls(final Trouble trouble) {
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        int failed = 0;
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            final long seed = first + i;
            try (FailingSchedule schedule = new FailingSchedule(seed, trouble)) {
                failed += schedule.run() ? 1 : 0;
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed + " " + trouble, t);
            }
        }
        assertTrue(failed > 0 || only != null, "no schedule failed");
    }
}
