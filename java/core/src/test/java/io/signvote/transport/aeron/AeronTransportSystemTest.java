package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeronTransportSystemTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void shouldCarryFramesInOrderAndUnderBackPressure(final int members) throws Exception {
        try (Cluster cluster = Cluster.embedded(members).connect()) {
            final Conversation conversation = new Conversation(cluster.transports);

            conversation.exchange(5_000);

            assertTrue(conversation.backPressured > 0);
            for (final Transport transport : cluster.transports) {
                assertEquals(members, transport.size());
                assertEquals(0, transport.nakCount());
                assertTrue(transport.isConnected(0));
                assertTrue(transport.bytesSent() > 5_000L * 700 * (members - 1));
            }
        }
    }

    @Test
    void shouldServeAJobOfOne() throws Exception {
        try (Cluster cluster = Cluster.embedded(1).connect()) {
            final Transport transport = cluster.transports.get(0);

            assertEquals(0, transport.poll((peer, buffer, offset, length) -> true, 1));
            assertTrue(transport.isConnected(0));
        }
    }
}
