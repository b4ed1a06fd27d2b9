package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.wire.DataFrame;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardChunkingTest {
    private static final long CAPACITY = 1L << 34;

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/shards.csv", useHeadersInDisplayName = true)
    void shouldCutAsPublished(
            final String lengths,
            final int maxFrameLength,
            final String firstChunks,
            final int chunkLength,
            final String lastLengths) {
        final Shards shards = shards(numbers(lengths));
        final ShardChunking chunking = new ShardChunking(shards.ranks());

        chunking.set(shards, maxFrameLength - DataFrame.HEADER_LENGTH);

        assertEquals(chunkLength, chunking.chunkCoordinates());
        final long[] firsts = numbers(firstChunks);
        final long[] lasts = numbers(lastLengths);
        for (int rank = 0; rank < shards.ranks(); rank++) {
            assertEquals(firsts[rank], chunking.firstChunk(rank));
            assertEquals(firsts[rank + 1] - firsts[rank], chunking.chunkCount(rank));
            if (lasts[rank] > 0) {
                assertEquals(lasts[rank], chunking.payloadLength((int) firsts[rank + 1] - 1));
            }
        }
        assertEquals(firsts[shards.ranks()], chunking.chunkCount());
    }

    @Test
    void shouldCoverEveryByteOnceByChunksOfItsOwner() {
        final long seed = new SplittableRandom().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3_000; i++) {
            final int ranks = random.nextInt(1, random.nextInt(2, 60));
            final long[] lengths = new long[ranks];
            for (int rank = 0; rank < ranks; rank++) {
                lengths[rank] = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 18));
            }
            lengths[random.nextInt(ranks)]++;
            check(shards(lengths), random.nextInt(32, 9_000), "seed=" + seed + " " + Arrays.toString(lengths));
        }
    }

    private static void check(final Shards shards, final int payload, final String what) {
        final int ranks = shards.ranks();
        final ShardChunking chunking = new ShardChunking(ranks);
        chunking.set(shards, payload);
        final Plan plan = new Owned(chunking, ranks);

        assertTrue(chunking.maxPayloadLength() <= payload, what);
        int chunk = 0;
        for (int rank = 0; rank < ranks; rank++) {
            final int count = plan.chunkCount(rank, 1, chunking.chunkCount());
            assertEquals(count == 0 ? Plan.NONE : chunk, plan.firstChunk(rank, 1), what);
            long held = 0;
            for (int i = 0; i < count; i++, chunk++) {
                assertEquals(held, chunking.firstCoordinate(chunk), what);
                assertEquals(shards.offset(rank) + held, chunking.offset(chunk), what);
                assertTrue(chunking.payloadLength(chunk) > 0, what);
                assertEquals(chunking.coordinates(chunk), chunking.payloadLength(chunk), what);
                held += chunking.payloadLength(chunk);
            }
            assertEquals(shards.length(rank), held, what);
            assertTrue(shards.offset(rank) + held <= shards.offset(rank + 1), what);
            assertEquals(0, shards.offset(rank) % Shards.ALIGNMENT, what);
            for (int other = 0; other < ranks; other++) {
                assertEquals(rank == other, plan.casts(rank, other), what);
            }
        }
        assertEquals(chunk, chunking.chunkCount(), what);
        assertEquals(shards.extent(), chunking.resultLength(), what);
        assertEquals(0, plan.chunkCount(ranks, 1, chunk), "a server owns nothing");
        assertEquals(Plan.NONE, plan.firstChunk(ranks, 1));
        assertEquals(Math.max(1, ranks - 1), plan.inboundStreams());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 61, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 40})
    void shouldNameTheRankWhoseLengthDoesNotFitAndChangeNothing(final long announced) {
        final Shards shards = shards(1, 2, 3);
        try (OffHeap lengths = new OffHeap(24)) {
            UnsafeApi.putLong(lengths.address(), 40);
            UnsafeApi.putLong(lengths.address() + 8, announced);
            UnsafeApi.putLong(lengths.address() + 16, 5);

            assertEquals(1, shards.read(lengths.address(), 100));

            assertEquals(6, shards.totalLength());
            assertEquals(2, shards.length(1));
            assertEquals(24, shards.extent());
        }
    }

    @Test
    void shouldTakeLengthsThatFillTheCapacity() {
        final Shards shards = new Shards(3);
        try (OffHeap lengths = new OffHeap(24)) {
            UnsafeApi.putLong(lengths.address() + 8, 100);

            assertEquals(Shards.ALL, shards.read(lengths.address(), 100));
            assertEquals(1, shards.read(lengths.address(), 99));
            assertEquals(100, shards.totalLength());
            assertEquals(0, shards.length(0) + shards.length(2));
        }
    }

    private static Shards shards(final long... lengths) {
        final Shards shards = new Shards(lengths.length);
        try (OffHeap announced = new OffHeap(lengths.length * 8L)) {
            for (int rank = 0; rank < lengths.length; rank++) {
                UnsafeApi.putLong(announced.address() + rank * 8L, lengths[rank]);
            }
            assertEquals(Shards.ALL, shards.read(announced.address(), CAPACITY));
        }
        return shards;
    }

    private static long[] numbers(final String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
