package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SharedMemoryTest {
    private static final int TERM_LENGTH = 1 << 20;
    private static final long LOG_LENGTH = 3L * TERM_LENGTH + SharedMemory.PAGE_LENGTH;
    private static final long DRIVER_LENGTH = 10L << 20;

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
    void shouldGiveALargeSharedDriverMoreCounters() {
        assertEquals(1 << 20, SharedMemory.countersLength(255));
        assertTrue(SharedMemory.countersLength(64 * 63) >= 64 * 63 * 12 * 128);
    }
}
