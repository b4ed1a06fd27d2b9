package io.signvote.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
    @ParameterizedTest
    @CsvSource({
        // words of less than two least segments are one
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
        assertEquals(count, new Slices(coordinates, Slices.LENGTH_MIN).count());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 65, 2047, 2048, 2049, 20_001, 4_194_305, 25_600_000, 17_179_869_184L})
    void shouldCoverEveryCoordinateOnce(final long coordinates) {
        for (final long lengthMin : new long[] {256, Slices.LENGTH_MIN}) {
            final Slices slices = new Slices(coordinates, lengthMin);
            long next = 0;
            long length = 0;
            for (int segment = 0; segment < slices.count(); segment++) {
                assertEquals(next, slices.firstCoordinate(segment));
                assertEquals(0, next % 2048);
                assertTrue(slices.coordinates(segment) > 0);
                assertEquals(segment, slices.of(next));
                next += slices.coordinates(segment);
                assertEquals(segment, slices.of(next - 1));
                length += slices.length();
            }
            assertEquals(coordinates, next);
            assertTrue(length <= Slices.lengthMax(coordinates));
            assertTrue(slices.count() <= Slices.COUNT_MAX);
        }
    }
}
