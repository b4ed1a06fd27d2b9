package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.error.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedMemoryTest {
    private static final int TERM_LENGTH = 1 << 20;
    private static final long LOG_LENGTH = 3L * TERM_LENGTH + SharedMemory.PAGE_LENGTH;
    private static final long DRIVER_LENGTH =
            SharedMemory.neededLength(AeronSettings.builder("127.0.0.1", 1).build(), TERM_LENGTH, false);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @Test
    void shouldCountThreeTermsForEachPublicationAndEachImage() {
        final AeronSettings settings =
                AeronSettings.builder("127.0.0.1", 7).localMembers(2).build();

        assertEquals(2 * (12 * LOG_LENGTH + DRIVER_LENGTH), SharedMemory.neededLength(settings, TERM_LENGTH, false));
    }

    @Test
    void shouldCountNoImagesBetweenMembersOfOneDriver() {
        final AeronSettings settings =
                AeronSettings.builder("127.0.0.1", 7).localMembers(3).build();

        assertEquals(3 * (6 + 4) * LOG_LENGTH + DRIVER_LENGTH, SharedMemory.neededLength(settings, TERM_LENGTH, true));
    }

    @Test
    void shouldCountAllThatADriverTakes() {
        final AeronSettings settings =
                AeronSettings.builder("127.0.0.1", 4).localMembers(4).build();
        try (SharedDriver driver = SharedDriver.launch(settings)) {
            final long length = DriverDirectory.length(driver.directory());
            final long counted = SharedMemory.neededLength(settings, 0, true) - 12 * SharedMemory.PAGE_LENGTH;

            assertTrue(length <= counted, "takes " + length + ", counted " + counted);
            assertTrue(counted - length < 64 << 10, "takes " + length + ", counted " + counted);
        }
    }

    @Test
    void shouldGiveALargeSharedDriverMoreCounters() {
        assertEquals(1 << 20, SharedMemory.countersLength(255));
        assertTrue(SharedMemory.countersLength(64 * 63) >= 64 * 63 * 12 * 128);
    }

    @Test
    void shouldNameASocketBufferThatIsSmallEnough() {
        final AeronSettings settings =
                AeronSettings.builder("127.0.0.1", 4).localMembers(4).build();
        final LinkGeometry geometry = LinkGeometry.of(settings, new ArrayList<>());
        final long freeLength = SharedMemory.neededLength(settings, geometry.termLength(), true) / 2;

        final String message = refusal(settings, geometry, SHARED_MEMORY, freeLength);

        final Matcher matcher = Pattern.compile(
                        "or set signvote\\.socket\\.buffer=(\\d+), now " + geometry.receiveBufferLength() + "$")
                .matcher(message);
        assertTrue(matcher.find(), message);
        final AeronSettings remedied = settings.withSocketBufferLength(Integer.parseInt(matcher.group(1)));
        SharedMemory.check(
                remedied,
                LinkGeometry.of(remedied, new ArrayList<>()),
                SHARED_MEMORY,
                true,
                0,
                directory -> freeLength);
    }

    @Test
    void shouldNameTheMountPointToEnlarge() throws Exception {
        assumeTrue(Files.getFileStore(SHARED_MEMORY).type().equals("tmpfs"), "no file system in memory");
        final AeronSettings settings = AeronSettings.builder("127.0.0.1", 4).build();
        final Path directory = Files.createTempDirectory(SHARED_MEMORY, "below");
        try {
            final String message = refusal(settings, LinkGeometry.of(settings, new ArrayList<>()), directory, 0);

            assertTrue(message.matches(".*\\(mount -o remount,size=\\d+m /dev/shm, for .*"), message);
        } finally {
            Files.delete(directory);
        }
    }

    @Test
    void shouldNotOfferToRemountADisk(@TempDir final Path directory) throws Exception {
        assumeFalse(Files.getFileStore(directory).type().equals("tmpfs"), "the temporary directory is in memory");
        final AeronSettings settings = AeronSettings.builder("127.0.0.1", 4).build();

        final String message = refusal(settings, LinkGeometry.of(settings, new ArrayList<>()), directory, 0);

        assertFalse(message.contains("remount"), message);
        assertMessage(message, "make room in its file system");
    }

    private static String refusal(
            final AeronSettings settings, final LinkGeometry geometry, final Path directory, final long freeLength) {
        return assertThrows(
                        ConfigurationException.class,
                        () -> SharedMemory.check(settings, geometry, directory, true, 0, any -> freeLength))
                .getMessage();
    }
}
