package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
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

    /** Fewer jobs may well have no liar that withholds: one in twenty has. */
    private static final int JOBS = Math.max(200, Integer.getInteger("signvote.test.schedules", 3_000) / 15);

    @Test
    void shouldCountALiarOnceAndGoOn() {
        forSeeds(Temper.SLY, liar -> {
            if (!isExposed(liar)) {
                assertNull(liar.error());
            }
            assertTrue(liar.completed() > 0);
        });
    }

    /** Without its reports nothing that flows one way can go on; all else does. */
    @Test
    void shouldNameALiarThatWithholds() {
        final AtomicInteger withheld = new AtomicInteger();
        forSeeds(Temper.WITHHOLDING, liar -> {
            if (liar.error() != null && !isExposed(liar)) {
                final String message = liar.error().getMessage();
                assertInstanceOf(RoundTimeoutException.class, liar.error(), message);
                assertTrue(message.startsWith("broadcast(") || message.startsWith("allGather("), message);
                assertMessage(message, "missing answers of ranks [" + liar.rank() + "]");
                withheld.incrementAndGet();
            }
        });
        assertTrue(ONLY != null || withheld.get() > 0, "nobody withheld anything");
    }

    @Test
    void shouldEndWithATypedErrorAtWorst() {
        forSeeds(Temper.RECKLESS, liar -> {});
    }

    /** Whether a liar told the ranks different numbers, which each of them tallied itself. A later call shows it. */
    private static boolean isExposed(final Liar liar) {
        return !liar.hasTrustedTallier()
                && liar.error() != null
                && liar.error().getMessage().contains(" hold different results of round ");
    }

    /** Runs the jobs. Each job checks that honest ranks agree, and then {@code check} looks at the liar. */
    private static void forSeeds(final Temper temper, final Consumer<Liar> check) {
        final long first = ONLY == null ? new Random().nextLong() : ONLY;
        long dropped = 0;
        for (int i = 0; i < (ONLY == null ? JOBS : 1); i++) {
            final long seed = first + i;
            final Liar liar = new Liar(temper);
            try (SimulatedJob job = new SimulatedJob(seed, liar)) {
                job.run();
                check.accept(liar);
                dropped += liar.dropped();
            } catch (final Throwable t) {
                throw new AssertionError("-Dsignvote.test.seed=" + seed, t);
            }
        }
        assertTrue(ONLY != null || dropped > 0, "nothing was tried");
    }
}
