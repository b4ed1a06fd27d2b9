package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random schedules against the oracle. {@code -Dsignvote.test.seed=S} runs the one schedule S and nothing else. */
class RoundSimulationTest {
    private static final int SCHEDULES = Integer.getInteger("signvote.test.schedules", 3_000);

    @Test
    @Timeout(300) // some 10 s where nothing else runs
    void shouldGiveTheVoteOfTheOracleUnderAnySchedule() {
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        long rounds = 0;
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            final long seed = first + i;
            try (SimulatedJob job = new SimulatedJob(seed, new SlowSources())) {
                job.run();
                rounds += job.roundCount;
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed, t);
            }
        }
        assertTrue(rounds >= (only == null ? SCHEDULES : 1));
    }

    @Test
    void shouldRunTheSameScheduleFromTheSameSeed() {
        try (SimulatedJob one = new SimulatedJob(42, new SlowSources());
                SimulatedJob two = new SimulatedJob(42, new SlowSources())) {
            one.run();
            two.run();
            assertEquals(one.roundCount, two.roundCount);
            assertEquals(one.network.nanoTime(), two.network.nanoTime());
        }
    }
}
