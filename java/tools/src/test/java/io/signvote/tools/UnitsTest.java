package io.signvote.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "8k, 8192",
        "8K, 8192",
        "256M, 268435456",
        "1g, 1073741824",
        "1GiB, 1073741824",
        "3kb, 3072",
        "7b, 7",
        "' 64k ', 65536"
    })
    void shouldReadSizes(final String text, final long bytes) {
        assertEquals(bytes, Units.size(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "8x", "-1", "1.5M", "8 k", "0x10", "8kk", "99999999999999999999"})
    void shouldRefuseWhatIsNoSize(final String text) {
        final ConfigurationException e = assertThrows(ConfigurationException.class, () -> Units.size(text));

        assertTrue(e.getMessage().contains("'" + text + "' is not a size"), e.getMessage());
    }

    @Test
    void shouldRefuseSizesBeyondLongs() {
        assertThrows(ConfigurationException.class, () -> Units.size("999999999999g"));
    }

    @ParameterizedTest
    @CsvSource({"200ms, 200", "5s, 5000", "5, 5000", "2m, 120000", "1h, 3600000", "0, 0"})
    void shouldReadDurations(final String text, final long millis) {
        assertEquals(Duration.ofMillis(millis), Units.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5x", "ms", "-5s", "1.5s"})
    void shouldRefuseWhatIsNoDuration(final String text) {
        assertThrows(ConfigurationException.class, () -> Units.duration(text));
    }

    @ParameterizedTest
    @CsvSource({"100mbit, 100000000", "1gbit, 1000000000", "1500kbit, 1500000", "9bit, 9", "1Gbit, 1000000000"})
    void shouldReadRates(final String text, final long bitsPerSecond) {
        assertEquals(bitsPerSecond, Units.rate(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"100", "100M", "mbit", "-1mbit"})
    void shouldRefuseWhatIsNoRate(final String text) {
        assertThrows(ConfigurationException.class, () -> Units.rate(text));
    }
}
