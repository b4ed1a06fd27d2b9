package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.driver.ext.RandomLossGenerator;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.HeaderFlyweight;
import io.signvote.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LossSystemTest {
    private static final double DATA_LOSS = 0.02;
    private static final double CONTROL_LOSS = 0.05;

    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());
    private final Random seeds = new Random(seed);

    @Test
    void shouldCarryFramesInOrderOverALossyNetwork() throws Exception {
        try (Cluster cluster = Cluster.embedded(3, this::loseSome).connect()) {
            new Conversation(cluster.transports).round(2_000);

            for (final Transport transport : cluster.transports) {
                assertTrue(transport.nakCount() > 0, "seed=" + seed);
            }
        } catch (final AssertionError ex) {
            throw new AssertionError("seed=" + seed + ": " + ex.getMessage(), ex);
        }
    }

    @Test
    void shouldResendWhatIsLostWhileClosing() throws Exception {
        final AtomicInteger losses = new AtomicInteger();
        try (Cluster cluster =
                Cluster.embedded(2, context -> lose(context, losses)).connect()) {
            final List<Long> seen = new ArrayList<>();
            losses.set(2); // what is sent below, once and again
            for (long number = 0; number < 20; number++) {
                Cluster.send(cluster.transports.get(0), 1, number);
            }

            cluster.transports.get(0).close();
            Cluster.pollUntil(
                    cluster.transports.get(1),
                    () -> seen.size() == 20,
                    (peer, buffer, offset, length) -> seen.add(buffer.getLong(offset)));

            assertEquals(19L, seen.get(19));
            assertTrue(losses.get() <= 0);
        }
    }

    private static void lose(final MediaDriver.Context context, final AtomicInteger losses) {
        context.sendChannelEndpointSupplier((channel, status, ctx) -> new DebugSendChannelEndpoint(
                channel,
                status,
                ctx,
                (address, buffer, length) -> isData(buffer) && losses.getAndDecrement() > 0,
                (address, buffer, length) -> false));
    }

    // Heartbeats are data frames without data: they pass, and tell the receiver of the gap.
    private static boolean isData(final UnsafeBuffer buffer) {
        return FrameDescriptor.frameType(buffer, 0) == HeaderFlyweight.HDR_TYPE_DATA
                && FrameDescriptor.frameLength(buffer, 0) > 0;
    }

    private void loseSome(final MediaDriver.Context context) {
        context.sendChannelEndpointSupplier((channel, status, ctx) ->
                        new DebugSendChannelEndpoint(channel, status, ctx, loss(DATA_LOSS), loss(CONTROL_LOSS)))
                .receiveChannelEndpointSupplier((channel, dispatcher, status, ctx) -> new DebugReceiveChannelEndpoint(
                        channel, dispatcher, status, ctx, loss(DATA_LOSS), loss(CONTROL_LOSS)));
    }

    private synchronized LossGenerator loss(final double rate) {
        return new RandomLossGenerator(rate, seeds.nextLong());
    }
}
