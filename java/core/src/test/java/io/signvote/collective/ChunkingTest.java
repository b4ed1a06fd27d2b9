package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.op.DataType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChunkingTest {
    private static final long MAX_COUNT = 1L << 34;
    private static final long[] COUNTS = {
        1,
        2,
        63,
        64,
        65,
        127,
        1023,
        1024,
        1025,
        3 * 1024,
        65_535,
        65_536,
        65_537,
        1_000_003,
        25_600_000,
        MAX_COUNT - 1,
        MAX_COUNT
    };
    private static final int[] RANKS = {1, 2, 3, 4, 7, 15, 64, 255};
    private static final int[] PAYLOADS = {128, 416, 440, 1344, 1408, 8128, 8191, 65_408, 524_216};

    private final Chunking chunking = new Chunking();

    @ParameterizedTest
    @EnumSource(names = {"SIGN", "FLOAT32"}) // what crosses the wire: narrower floats stay on their device
    void shouldCoverEveryCoordinateOnceInChunksThatFitAFrame(final DataType type) {
        for (final long count : COUNTS) {
            for (final int ranks : RANKS) {
                for (final int payload : PAYLOADS) {
                    check(type, count, ranks, payload);
                }
            }
        }
    }

    @Test
    void shouldDoSoForAnyOtherNumbers() {
        final long seed = new SplittableRandom().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            final long count = 1 + random.nextLong(1L << random.nextInt(1, 26));
            check(
                    random.nextBoolean() ? DataType.SIGN : DataType.FLOAT32,
                    count,
                    random.nextInt(1, 256),
                    random.nextInt(128, 70_000),
                    " seed=" + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SIGN,    1,          4, 8128, 1024,  1",
        "SIGN,    4096,       4, 8128, 1024,  4",
        "SIGN,    4097,       4, 8128, 2048,  3",
        "SIGN,    100000000,  4, 8128, 65024, 1538",
        "FLOAT32, 1,          4, 8128, 256,   1",
        "FLOAT32, 1024,       4, 8128, 256,   4",
        "FLOAT32, 1000000,    4, 8128, 2032,  493",
    })
    void shouldGiveEachRankAChunkOfASmallCallAndFillTheFramesOfALargeOne(
            final DataType type,
            final long count,
            final int ranks,
            final int payload,
            final int coordinates,
            final int chunks) {
        chunking.set(type, count, ranks, payload);

        assertEquals(coordinates, chunking.chunkCoordinates());
        assertEquals(chunks, chunking.chunkCount());
    }

    private void check(final DataType type, final long count, final int ranks, final int payload) {
        check(type, count, ranks, payload, "");
    }

    private void check(final DataType type, final long count, final int ranks, final int payload, final String source) {
        chunking.set(type, count, ranks, payload);
        final String what = type + " count=" + count + " ranks=" + ranks + " payload=" + payload + source;
        final int chunks = chunking.chunkCount();
        final int step = Math.max(1, chunks / 1000);

        assertTrue(chunks >= 1, what);
        assertTrue(chunking.maxPayloadLength() <= payload, what);
        assertEquals(0, chunking.maxPayloadLength() % 32, what);
        assertEquals(type.sizeOf(count), chunking.resultLength(), what);
        assertEquals(0, chunking.firstCoordinate(0), what);
        for (int chunk = 0; chunk < chunks; chunk += chunk < chunks - step ? step : 1) {
            final long next = chunking.firstCoordinate(chunk) + chunking.coordinates(chunk);
            assertEquals(chunk < chunks - 1 ? chunking.firstCoordinate(chunk + 1) : count, next, what);
            assertTrue(chunking.coordinates(chunk) >= 1, what);
            assertTrue(chunking.payloadLength(chunk) <= chunking.maxPayloadLength(), what);
            assertEquals(type.sizeOf(chunking.coordinates(chunk)), chunking.payloadLength(chunk), what);
            assertEquals(type.sizeOf(chunking.firstCoordinate(chunk)), chunking.offset(chunk), what);
            if (type == DataType.SIGN) {
                assertEquals(0, chunking.firstCoordinate(chunk) % 64, what);
            }
        }
    }
}
