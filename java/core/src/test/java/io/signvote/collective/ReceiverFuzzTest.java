package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.RoundTimeoutException;
import io.signvote.transport.sim.LyingTransport.Temper;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * One rank sends nonsense of every kind among its frames. Nothing may crash, hang or be written where no result stands, and
 * whatever it sends counts as its one vote at most. {@code -Dsignvote.test.seed=S} runs the one job S and nothing else.
 */
class ReceiverFuzzTest {
    private static final int JOBS = Math.max(20, Integer.getInteger("signvote.test.schedules", 3_000) / 15);

    private int withheld;

    @Test
    void shouldCountALiarOnceAndGoOn() {
        forSeeds(Temper.SLY, job -> {
            job.run();
            job.checkVotes();
            if (job.error() != null) {
                // a liar may also withhold its vote, as anyone may: then it is named
                final String message = job.error().getMessage();
                assertInstanceOf(RoundTimeoutException.class, job.error(), message);
                assertTrue(message.contains("[" + job.liar() + "]"), message);
                withheld++;
            }
        });
        assertTrue(withheld <= JOBS / 20, withheld + " of " + JOBS + " jobs did not go on");
    }

    @Test
    void shouldEndWithATypedErrorAtWorst() {
        forSeeds(Temper.RECKLESS, job -> {
            job.run();
            job.checkVotes();
        });
    }

    private static void forSeeds(final Temper temper, final Consumer<LiarJob> run) {
        final Long only = Long.getLong("signvote.test.seed");
        final long first = only == null ? new Random().nextLong() : only;
        long dropped = 0;
        for (int i = 0; i < (only == null ? JOBS : 1); i++) {
            final long seed = first + i;
            try (LiarJob job = new LiarJob(seed, temper)) {
                run.accept(job);
                dropped += job.dropped();
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed, t);
            }
        }
        assertTrue(only != null || dropped > 0, "nothing was tried");
    }
}
