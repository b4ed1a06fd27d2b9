package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.signvote.transport.Endpoint;
import io.signvote.transport.LinkState;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StrangerSystemTest {
    private static final int STREAM_ID = StreamNames.streamId(Cluster.SESSION_KEY, 0);

    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());

    @Test
    void shouldNotListenToAnotherSession() throws Exception {
        final int strange = StreamNames.sessionId(Cluster.SESSION_KEY, 2);
        final LinkGeometry geometry = new LinkGeometry(1408, 64 << 10, 1 << 20, 1 << 20, 1 << 20);
        try (Cluster cluster = Cluster.embedded(2).connect();
                SharedDriver driver = SharedDriver.launch(Cluster.settings(2).build());
                Aeron aeron = Aeron.connect(DriverLauncher.clientContext(driver.directory(), new ErrorTrap()))) {
            final Endpoint endpoint = cluster.endpoints().get(0);
            final ExclusivePublication stranger =
                    aeron.addExclusivePublication(Channels.to(endpoint, strange, 1408, geometry), STREAM_ID);
            final Conversation conversation = new Conversation(cluster.transports);
            final long heldLength = DriverDirectory.length(cluster.directories().get(0));
            final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);

            while (System.nanoTime() - untilNs < 0) {
                conversation.round(50);
            }

            assertFalse(stranger.isConnected());
            assertEquals(
                    heldLength, DriverDirectory.length(cluster.directories().get(0)), "no log was made for it");
        }
    }

    @Test
    void shouldBearGarbageAtItsPort() throws Exception {
        final Random random = new Random(seed);
        try (Cluster cluster = Cluster.embedded(2).connect();
                DatagramChannel channel = DatagramChannel.open()) {
            final Endpoint endpoint = cluster.endpoints().get(0);
            final InetSocketAddress target = new InetSocketAddress(endpoint.host(), endpoint.port());
            final Conversation conversation = new Conversation(cluster.transports);

            for (int i = 0; i < 2_000; i++) {
                channel.send(garbage(random, i), target);
                if (i % 10 == 0) {
                    conversation.round(5);
                }
            }
            conversation.round(500);

            assertEquals(LinkState.UP, cluster.transports.get(0).linkState(1), "seed=" + seed);
        }
    }

    // Random bytes, and random bytes behind the beginnings of Aeron's headers: version 0, any flags, each of its types,
    // and
    // our stream, so that more than the first check is met.
    private static ByteBuffer garbage(final Random random, final int number) {
        final byte[] bytes = new byte[random.nextInt(1, 1500)];
        random.nextBytes(bytes);
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (number % 2 == 0 && bytes.length >= 40) {
            buffer.putInt(0, random.nextBoolean() ? bytes.length : random.nextInt());
            buffer.put(4, (byte) 0);
            buffer.putShort(6, (short) (number / 2 % 14));
            buffer.putInt(16, STREAM_ID);
        }
        return buffer;
    }
}
