package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.driver.ext.RandomLossGenerator;
import io.signvote.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossSystemTest {
    private static final double DATA_LOSS = 0.02;
    private static final double CONTROL_LOSS = 0.05;

    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());
    private final Random seeds = new Random(seed);

    @Test
    void shouldCarryFramesInOrderOverALossyNetwork() throws Exception {
        try (Cluster cluster = Cluster.embedded(3, this::loseSome).connect()) {
            new Conversation(cluster.transports).exchange(2_000);

            for (final Transport transport : cluster.transports) {
                assertTrue(transport.nakCount() > 0, "seed=" + seed);
            }
        } catch (final AssertionError ex) {
            throw new AssertionError("seed=" + seed + ": " + ex.getMessage(), ex);
        }
    }

    @Test
    void shouldDeliverTheLastFramesOverALossyNetworkAfterClose() throws Exception {
        try (Cluster cluster = Cluster.embedded(2, this::loseSome).connect()) {
            final List<Long> seen = new ArrayList<>();
            for (long number = 0; number < 200; number++) {
                Cluster.send(cluster.transports.get(0), 1, number);
            }

            cluster.transports.get(0).close();
            Cluster.pollUntil(
                    cluster.transports.get(1),
                    () -> seen.size() == 200,
                    (peer, buffer, offset, length) -> seen.add(buffer.getLong(offset)));

            assertEquals(199L, seen.get(199), "seed=" + seed);
        }
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
