package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.CallsSchedule.Trouble;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of whole communicators. A program or a thread ends each job. {@code -Dsignvote.test.seed=S} runs only the
 * schedule S.
 */
class CallsSimulationTest {
    private static final int SCHEDULES = Math.max(50, Integer.getInteger("signvote.test.schedules", 3_000) / 20);
    private static final Logger LOGGER = Logger.getLogger("io.signvote");

    /** A rank that closes after another has failed logs a warning, thousands of times here. */
    @BeforeAll
    static void hush() {
        LOGGER.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void speak() {
        LOGGER.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheRankThatEndedTheJobAndRefuseLaterCalls(final Trouble trouble) {
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        int failed = 0;
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            final long seed = first + i;
            try (CallsSchedule schedule = new CallsSchedule(seed, trouble)) {
                failed += schedule.run() ? 1 : 0;
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed + " " + trouble, t);
            }
        }
        assertTrue(failed > 0 || only != null, "no schedule failed");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunTheSameScheduleFromTheSameSeed(final Trouble trouble) throws InterruptedException {
        for (int seed = 0; seed < 10; seed++) {
            try (CallsSchedule one = new CallsSchedule(seed, trouble);
                    CallsSchedule two = new CallsSchedule(seed, trouble)) {
                assertEquals(one.run(), two.run());
                assertEquals(one.turns(), two.turns());
                assertEquals(one.elapsedNs(), two.elapsedNs());
            }
        }
    }
}
