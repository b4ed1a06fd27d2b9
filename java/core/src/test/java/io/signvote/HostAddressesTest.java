package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that cannot work are refused before anything starts, with those that would do. */
class HostAddressesTest {
    private static final String OWN = "10.0.0.1, fd00:0:0:0:0:0:0:1";

    private final HostAddresses addresses = new HostAddresses(
            addresses("127.0.0.1", "::1", "10.0.0.1", "fd00::1", "fe80::1", "10.9.9.9"),
            addresses("10.0.0.255", "10.9.9.9"));

    private static List<InetAddress> addresses(final String... numbers) {
        final List<InetAddress> all = new ArrayList<>();
        for (final String number : numbers) {
            all.add(address(number));
        }
        return all;
    }

    private static InetAddress address(final String number) {
        try {
            return InetAddress.getByName(number);
        } catch (final UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, the wildcard address",
        "::, the wildcard address",
        "224.0.0.7, a multicast address",
        "ff02::1, a multicast address",
        "255.255.255.255, a broadcast address",
        "10.0.0.255, a broadcast address",
        "fe80::1, 'a link-local address, which other hosts cannot use'",
        "fe80::2, a link-local address",
    })
    void shouldRefuseWhereNobodyCanMeet(final String host, final String flaw) {
        for (final boolean isHost : new boolean[] {true, false}) {
            final String message = assertThrows(
                            ConfigurationException.class,
                            () -> addresses.checkMaster(host, address(host), isHost, false))
                    .getMessage();

            assertTrue(message.startsWith("signvote.master.address=" + host + " is " + flaw), message);
            assertMessage(
                    message,
                    ": set SIGNVOTE_MASTER_ADDRESS to an address of rank 0's host that the other hosts can reach");
            assertEquals(isHost, message.endsWith(", for example one of " + OWN + ", 10.9.9.9"), message);
        }
        final String message = assertThrows(ConfigurationException.class, () -> addresses.checkInterface(host, false))
                .getMessage();
        assertTrue(message.startsWith("signvote.interface=" + host + " is " + flaw), message);
        assertTrue(message.endsWith(": take one of " + OWN + ", 10.9.9.9"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "fd00::1, fd00::1",
        "10.9.9.9, 10.9.9.9",
        "node1, 10.0.0.1",
        "169.254.7.7, 169.254.7.7"
    })
    void shouldTakeAnAddressThatOthersReach(final String host, final String number) {
        assertDoesNotThrow(() -> addresses.checkMaster(host, address(number), true, true));
    }

    /** Debian gives a host's own name this address. */
    @Test
    void shouldTellOthersNumbers() throws Exception {
        assertEquals("10.0.0.1", HostAddresses.numeric("10.0.0.1"));
        assertEquals("fd00:0:0:0:0:0:0:1", HostAddresses.numeric("fd00::1%lo"));
        assertEquals(InetAddress.getByName("localhost").getHostAddress(), HostAddresses.numeric("localhost"));
        assertEquals("nowhere.invalid", HostAddresses.numeric("nowhere.invalid"));
    }

    @Test
    void shouldRefuseLoopbackForRanksOfOtherHosts() {
        final InetAddress debian = address("127.0.1.1");

        final String message = assertThrows(
                        ConfigurationException.class, () -> addresses.checkMaster("node1", debian, true, true))
                .getMessage();

        assertTrue(
                message.startsWith(
                        "signvote.master.address=node1, which is 127.0.1.1 here, is a loopback address, which"
                                + " the ranks of this job on other hosts cannot reach: "),
                message);
        assertTrue(message.contains(OWN) && message.endsWith("or correct /etc/hosts"), message);
        assertDoesNotThrow(() -> addresses.checkMaster("node1", debian, true, false));
        assertDoesNotThrow(() -> addresses.checkMaster("node1", debian, false, true));
    }

    @Test
    void shouldRefuseAnInterfaceThatIsNotOursOrThatOthersCannotReach() {
        assertInterface("192.0.2.7 is not an address of this host: take one of " + OWN, "192.0.2.7", false);
        assertInterface(
                "127.0.0.1 is a loopback address, which the ranks of this job on other hosts cannot reach",
                "127.0.0.1",
                true);
        assertInterface("fe80::1%eth0 is a link-local address", "fe80::1%eth0", false);
        assertInterface("no.such.name.invalid is no address: take one of " + OWN, "no.such.name.invalid", false);
        assertDoesNotThrow(() -> addresses.checkInterface("127.0.0.1", false));
        assertDoesNotThrow(() -> addresses.checkInterface("10.0.0.1", true));
        assertDoesNotThrow(() -> addresses.checkInterface("fd00::1", true));
    }

    @Test
    void shouldSayWhereThereIsLoopbackAlone() {
        assertEquals(
                "none, since this host has loopback only",
                new HostAddresses(addresses("127.0.0.1", "::1", "fe80::1"), List.of()).candidates());
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, the wildcard address",
        "fe80::1%nosuch0, a link-local address",
        "fe80::1, a link-local",
        "224.0.0.7, a multicast"
    })
    void shouldRefuseBeforeAnybodyWaits(final String host, final String flaw) {
        for (int rank = 0; rank < 2; rank++) {
            final Context context =
                    new Context().rank(rank).worldSize(2).masterAddress(host).insecure(true);

            final String message = assertThrows(ConfigurationException.class, () -> Communicator.connect(context))
                    .getMessage();

            assertTrue(message.startsWith("signvote.master.address=" + host + " is " + flaw), message);
        }
    }

    @Test
    void shouldRefuseAnInterfaceBeforeAnybodyWaits() {
        final Context context = new Context().rank(1).worldSize(2).interfaceAddress("fe80::1%lo");

        final String message = assertThrows(ConfigurationException.class, () -> Communicator.connect(context))
                .getMessage();

        assertTrue(message.startsWith("signvote.interface=fe80::1%lo is a link-local address"), message);
    }

    private void assertInterface(final String expected, final String value, final boolean isSpread) {
        final String message = assertThrows(
                        ConfigurationException.class, () -> addresses.checkInterface(value, isSpread))
                .getMessage();
        assertTrue(message.startsWith("signvote.interface=" + expected), message);
    }
}
