package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.driver.MediaDriver;
import io.signvote.transport.LinkState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;

/** Drivers whose clocks jump, as they do for a process that was stopped and goes on. */
class PatienceSystemTest {
    private static final long STANDSTILL_NS = TimeUnit.SECONDS.toNanos(30);

    // Long enough for the drivers' timers to look at everything several times.
    private static final long TIMERS_NS = TimeUnit.MILLISECONDS.toNanos(500);

    @Test
    void shouldKeepStreamsOverAStandstill() throws Exception {
        final AtomicLong jumpNs = new AtomicLong();
        try (Cluster cluster = Cluster.embedded(2, context -> jump(context, jumpNs))) {
            cluster.connect();
            new Conversation(cluster.transports).round(10);

            jumpNs.set(STANDSTILL_NS);
            final long untilNs = System.nanoTime() + TIMERS_NS;
            Cluster.pollUntil(
                    cluster.transports.get(0),
                    () -> System.nanoTime() - untilNs > 0,
                    (peer, buffer, offset, length) -> true);

            assertEquals(LinkState.UP, cluster.transports.get(0).linkState(1));
            assertEquals(LinkState.UP, cluster.transports.get(1).linkState(0));
            new Conversation(cluster.transports).round(10);
        }
    }

    private static void jump(final MediaDriver.Context context, final AtomicLong jumpNs) {
        final EpochClock epochClock = context.epochClock();
        context.nanoClock(() -> SystemNanoClock.INSTANCE.nanoTime() + jumpNs.get())
                .epochClock(() -> epochClock.time() + TimeUnit.NANOSECONDS.toMillis(jumpNs.get()));
    }
}
