package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/hashes.csv", useHeadersInDisplayName = true)
    void shouldHashAsPublished(final String values, final String expected) {
        long hash = Hash.EMPTY;
        for (final String value : values.split(" ")) {
            hash = Hash.add(hash, Long.parseUnsignedLong(value, 16));
        }

        assertEquals(Long.parseUnsignedLong(expected, 16), hash);
    }

    @ParameterizedTest
    @ValueSource(floats = {0f, -0f, 1e-4f, 0.9f, -1f, Float.MIN_VALUE, Float.POSITIVE_INFINITY})
    void shouldHashTheBitsOfAFloat(final float value) {
        assertEquals(Hash.add(5, Float.floatToRawIntBits(value) & 0xFFFF_FFFFL), Hash.add(5, value));
    }

    @Test
    void shouldHashEveryNanAlike() {
        assertEquals(Hash.add(5, Float.NaN), Hash.add(5, Float.intBitsToFloat(0xFFC0_1234)));
    }

    @Test
    void shouldDistinguishOrderLengthAndZeros() {
        assertNotEquals(hash(1, 2), hash(2, 1));
        assertNotEquals(hash(1), hash(1, 0));
        assertNotEquals(hash(0), hash(0, 0));
        assertNotEquals(Hash.EMPTY, hash(0));
    }

    private static long hash(final long... values) {
        long hash = Hash.EMPTY;
        for (final long value : values) {
            hash = Hash.add(hash, value);
        }
        return hash;
    }
}
