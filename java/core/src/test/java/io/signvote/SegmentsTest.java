package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {
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
    void shouldCutLargeCallsIntoFourToEight(final long coordinates, final int count) {
        assertEquals(count, new Segments(coordinates, Segments.LENGTH_MIN).count());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 65, 2047, 2048, 2049, 20_001, 4_194_305, 25_600_000, 17_179_869_184L})
    void shouldCoverEveryCoordinateOnce(final long coordinates) {
        for (final long lengthMin : new long[] {256, Segments.LENGTH_MIN}) {
            final Segments segments = new Segments(coordinates, lengthMin);
            long next = 0;
            long length = 0;
            for (int segment = 0; segment < segments.count(); segment++) {
                assertEquals(next, segments.firstCoordinate(segment));
                assertEquals(0, next % 2048);
                assertTrue(segments.coordinates(segment) > 0);
                assertEquals(segment, segments.of(next));
                next += segments.coordinates(segment);
                assertEquals(segment, segments.of(next - 1));
                length += segments.length();
            }
            assertEquals(coordinates, next);
            assertTrue(length <= Segments.lengthMax(coordinates));
            assertTrue(segments.count() <= Segments.COUNT_MAX);
        }
    }
}
