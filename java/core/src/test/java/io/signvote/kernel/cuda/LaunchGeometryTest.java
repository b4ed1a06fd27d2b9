package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchGeometryTest {
    @ParameterizedTest
    @CsvSource({
        // multiprocessors, blocks that each holds, coordinates, blocks
        "132, 8, 1, 1",
        "132, 8, 2048, 1",
        "132, 8, 2049, 2",
        "132, 8, 25_600_000, 1056",
        "132, 6, 25_600_000, 792",
        "132, 8, 17_179_869_184, 1056",
        "1, 8, 25_600_000, 8",
        "1, 3, 25_600_000, 3",
        "1, 8, 4096, 2",
    })
    void shouldFillTheDeviceOnceAndGiveEachThreadAStride(
            final int multiprocessors, final int blocksOfEach, final long n, final int blocks) {
        assertEquals(blocks, new LaunchGeometry(multiprocessors, blocksOfEach).gridOfCoordinates(n));
    }

    @ParameterizedTest
    @CsvSource({"132, 8, 1, 1", "132, 8, 257, 2", "132, 8, 400_000, 1056", "132, 3, 400_000, 396", "2, 8, 400_000, 16"})
    void shouldGiveEachThreadAWord(
            final int multiprocessors, final int blocksOfEach, final long words, final int blocks) {
        assertEquals(blocks, new LaunchGeometry(multiprocessors, blocksOfEach).gridOfWords(words));
    }
}
