package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "63, 1",
        "64, 1",
        "65, 2",
        "128, 2",
        "129, 3",
        "2147483647, 33554432",
        "4294967297, 67108865"
    })
    void shouldCountWholeWords(final long coordinates, final long words) {
        assertEquals(words, Words.count(coordinates));
        assertEquals(8 * words, Words.length(coordinates));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "63, 7fffffffffffffff", "64, ffffffffffffffff", "65, 1", "127, 7fffffffffffffff"})
    void shouldMaskTheLanesInUse(final long coordinates, final String mask) {
        assertEquals(Long.parseUnsignedLong(mask, 16), Words.tailMask(coordinates));
    }
}
