package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchGeometryTest {
    @ParameterizedTest
    @CsvSource({
        // multiprocessors, coordinates, blocks
        "132, 1, 1",
        "132, 2048, 1",
        "132, 2049, 2",
        "132, 25_600_000, 1056",
        "132, 17_179_869_184, 1056",
        "1, 25_600_000, 8",
        "1, 4096, 2",
    })
    void shouldFillTheDeviceOnceAndGiveEachThreadAStride(final int multiprocessors, final long n, final int blocks) {
        assertEquals(blocks, new LaunchGeometry(multiprocessors).gridOfCoordinates(n));
    }

    @ParameterizedTest
    @CsvSource({"132, 1, 1", "132, 257, 2", "132, 400_000, 1056", "2, 400_000, 16"})
    void shouldGiveEachThreadAWord(final int multiprocessors, final long words, final int blocks) {
        assertEquals(blocks, new LaunchGeometry(multiprocessors).gridOfWords(words));
    }
}
