package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkGeometryTest {
    private static final int STOCK_LIMIT = 212992;

    @ParameterizedTest
    @CsvSource({"1500, 1472", "9000, 8960", "65536, 65504", "1400, 1344"})
    void shouldFitDatagramsToTheLink(final int linkMtu, final int expected) throws Exception {
        assertEquals(expected, Interfaces.payloadLength(linkMtu, InetAddress.getByName("127.0.0.1")));
    }

    @Test
    void shouldLeaveRoomForTheLongerHeadersOfIpv6() throws Exception {
        assertEquals(1440, Interfaces.payloadLength(1500, InetAddress.getByName("::1")));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4194304, 65504, 65504, 1048576, 4194304",
        "4, 4194304, 1472, 1472, 1048576, 4194304",
        "7, 4194304, 1472, 1472, 524288, 2097152",
        "4, 212992, 65504, 13312, 53248, 262144",
        "4, 212992, 1472, 1472, 53248, 262144",
        "64, 4194304, 65504, 12480, 49920, 262144",
        "255, 212992, 1472, 1408, 5632, 65536"
    })
    void shouldComputeWindowsThatFitTogether(
            final int members, final int buffer, final int link, final int mtu, final int window, final int term) {
        final LinkGeometry geometry = LinkGeometry.of(
                AeronSettings.builder("127.0.0.1", members).build(), link, new SocketBuffers(buffer, buffer));

        assertEquals(mtu, geometry.mtuLength());
        assertEquals(window, geometry.windowLength());
        assertEquals(term, geometry.termLength());
    }

    /** An interface may carry as little as 68 bytes of IPv4, 40 of them UDP payload. */
    @Test
    void shouldRefuseLinksThatCarryNoFrame() {
        final AeronSettings settings = AeronSettings.builder("127.0.0.1", 2).build();
        final SocketBuffers buffers = new SocketBuffers(STOCK_LIMIT, STOCK_LIMIT);
        for (int link = -200; link <= 200; link++) {
            final int linkMtuLength = link;
            if (link < 160) {
                final ConfigurationException e = assertThrows(
                        ConfigurationException.class, () -> LinkGeometry.of(settings, linkMtuLength, buffers));
                assertMessage(e, "expected at least 160");
            } else {
                assertEquals(
                        link / 32 * 32 - 32,
                        LinkGeometry.of(settings, linkMtuLength, buffers).maxFrameLength());
            }
        }
    }

    @Test
    void shouldTakeWhatIsFixed() {
        final AeronSettings settings = AeronSettings.builder("127.0.0.1", 2)
                .mtuLength(8192)
                .windowLength(128 << 10)
                .termLength(1 << 20)
                .build();

        final LinkGeometry geometry = LinkGeometry.of(settings, 1472, new SocketBuffers(STOCK_LIMIT, STOCK_LIMIT));

        assertEquals(new LinkGeometry(8192, 128 << 10, 1 << 20, STOCK_LIMIT, STOCK_LIMIT), geometry);
        assertEquals(8192 - 32, geometry.maxFrameLength());
        assertEquals(8192, LinkGeometry.mtuLength(geometry.maxFrameLength()));
    }

    @Test
    void shouldRefuseAWindowAboveTheReceiveBuffer() {
        final AeronSettings settings =
                AeronSettings.builder("127.0.0.1", 2).windowLength(1 << 20).build();

        final String message = assertThrows(
                        ConfigurationException.class,
                        () -> LinkGeometry.of(settings, 1472, new SocketBuffers(STOCK_LIMIT, STOCK_LIMIT)))
                .getMessage();

        assertMessage(message, "SO_RCVBUF=212992", "windowLength=1048576", "sysctl -w net.core.rmem_max=4194304");
    }

    @Test
    void shouldRefuseATermThatHoldsTooFewDatagrams() {
        final AeronSettings settings = AeronSettings.builder("127.0.0.1", 2)
                .mtuLength(65504)
                .termLength(1 << 18)
                .build();

        assertTrue(assertThrows(
                        ConfigurationException.class,
                        () -> LinkGeometry.of(settings, 65504, new SocketBuffers(4 << 20, 4 << 20)))
                .getMessage()
                .contains("termLength=262144"));
    }

    @ParameterizedTest
    @CsvSource({
        "port, -1, 1, 1, 0, 0",
        "port, 65536, 1, 1, 0, 0",
        "members, 0, 0, 1, 0, 0",
        "localMembers, 0, 2, 3, 0, 0",
        "mtuLength, 0, 2, 1, 1400, 0",
        "mtuLength, 0, 2, 1, 1376, 0",
        "mtuLength, 0, 2, 1, 96, 0",
        "mtuLength, 0, 2, 1, 128, 0",
        "mtuLength, 0, 2, 1, -32, 0",
        "termLength, 0, 2, 1, 0, 100000"
    })
    void shouldRefuseSettingsThatCannotBeMeant(
            final String name, final int port, final int members, final int local, final int mtu, final int term) {
        final AeronSettings.Builder settings = AeronSettings.builder("127.0.0.1", members)
                .port(port)
                .localMembers(local)
                .mtuLength(mtu)
                .termLength(term);

        final String message =
                assertThrows(ConfigurationException.class, settings::build).getMessage();

        assertTrue(message.startsWith(name + '='), message);
    }
}
