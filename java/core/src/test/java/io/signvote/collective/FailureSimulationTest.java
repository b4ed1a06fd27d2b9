package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules in which something breaks. {@code -Dsignvote.test.seed=S} runs the one schedule S and nothing else.
 */
class FailureSimulationTest {
    private static final int SCHEDULES = Math.max(50, Integer.getInteger("signvote.test.schedules", 3_000) / 5);

    /** The event that breaks the job. */
    enum Trouble {
        /** A member is cut off from all others at a random moment. */
        CUT_MEMBER(() -> new CutLinks(true)),

        /** Frames from one member to one other are lost from a random moment on. */
        CUT_LINK(() -> new CutLinks(false)),

        /** One rank calls something else in one round. */
        ODD_CALL(OddCall::new),

        /** One rank makes one of its calls after the others have given up. */
        LATE_CALL(LateCall::new),

        /** The source of one rank throws, checked or not. */
        THROWING_SOURCE(ThrowingSource::new);

        private final Supplier<Breakdown> breakdown;

        Trouble(final Supplier<Breakdown> breakdown) {
            this.breakdown = breakdown;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndEveryRankByItsDeadlineAndRefuseLaterCalls(final Trouble trouble) {
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        int failed = 0;
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            final long seed = first + i;
            try (SimulatedJob job = new SimulatedJob(seed, trouble.breakdown.get())) {
                job.run();
                failed += job.hasFailed() ? 1 : 0;
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed + " " + trouble, t);
            }
        }
        assertTrue(failed > 0 || only != null, "no schedule failed");
    }
}
