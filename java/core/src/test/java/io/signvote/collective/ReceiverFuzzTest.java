package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.RoundTimeoutException;
import io.signvote.transport.sim.LyingTransport.Temper;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * One rank sends nonsense of every kind among its frames. Nothing may crash, hang or be written where no result stands, and
 * whatever it sends counts as its one vote at most. {@code -Dsignvote.test.seed=S} runs the one job S and nothing else.
 */
class ReceiverFuzzTest {
    private static final Long ONLY = Long.getLong("signvote.test.seed");
    private static final int JOBS = Math.max(20, Integer.getInteger("signvote.test.schedules", 3_000) / 15);

    @Test
    void shouldCountALiarOnceAndGoOn() {
        forSeeds(Temper.SLY, job -> {
            job.run();
            assertNull(job.error());
            assertTrue(job.completed() > 0);
            job.checkVotes();
        });
    }

    /** Without its reports nothing that flows one way can go on; all else does. */
    @Test
    void shouldNameALiarThatWithholds() {
        final AtomicInteger withheld = new AtomicInteger();
        forSeeds(Temper.WITHHOLDING, job -> {
            job.run();
            job.checkVotes();
            if (job.error() != null) {
                final String message = job.error().getMessage();
                assertInstanceOf(RoundTimeoutException.class, job.error(), message);
                assertTrue(message.startsWith("broadcast(") || message.startsWith("allGather("), message);
                assertTrue(message.contains("missing answers of ranks [" + job.liar() + "]"), message);
                withheld.incrementAndGet();
            }
        });
        assertTrue(ONLY != null || withheld.get() > 0, "nobody withheld anything");
    }

    @Test
    void shouldEndWithATypedErrorAtWorst() {
        forSeeds(Temper.RECKLESS, job -> {
            job.run();
            job.checkVotes();
        });
    }

    private static void forSeeds(final Temper temper, final Consumer<LiarJob> run) {
        final long first = ONLY == null ? new Random().nextLong() : ONLY;
        long dropped = 0;
        for (int i = 0; i < (ONLY == null ? JOBS : 1); i++) {
            final long seed = first + i;
            try (LiarJob job = new LiarJob(seed, temper)) {
                run.accept(job);
                dropped += job.dropped();
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed, t);
            }
        }
        assertTrue(ONLY != null || dropped > 0, "nothing was tried");
    }
}
