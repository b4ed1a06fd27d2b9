package io.signvote.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StretchesTest {
    @ParameterizedTest
    @CsvSource({
        // words of less than two least stretches are one
        "1, 1",
        "4_194_240, 1",
        // 4 from a mebibyte of words on, 8 from two
        "4_194_304, 2",
        "8_388_608, 4",
        "16_777_216, 8",
        "25_600_000, 8",
        "17_179_869_184, 8"
    })
    void shouldCutLargeCallsIntoUpToEight(final long coordinates, final int count) {
        assertEquals(count, new Stretches(coordinates, Stretches.LENGTH_MIN).count());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 65, 2047, 2048, 2049, 20_001, 4_194_305, 25_600_000, 17_179_869_184L})
    void shouldCoverEveryCoordinateOnce(final long coordinates) {
        for (final long lengthMin : new long[] {256, Stretches.LENGTH_MIN}) {
            final Stretches stretches = new Stretches(coordinates, lengthMin);
            long next = 0;
            long length = 0;
            for (int stretch = 0; stretch < stretches.count(); stretch++) {
                assertEquals(next, stretches.firstCoordinate(stretch));
                assertEquals(0, next % 2048);
                assertTrue(stretches.coordinates(stretch) > 0);
                assertEquals(stretch, stretches.of(next));
                next += stretches.coordinates(stretch);
                assertEquals(stretch, stretches.of(next - 1));
                length += stretches.length();
            }
            assertEquals(coordinates, next);
            assertTrue(length <= Stretches.lengthMax(coordinates));
            assertTrue(stretches.count() <= Stretches.COUNT_MAX);
        }
    }
}
