package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.op.DataType;
import io.signvote.wire.DataFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ChunkingVectorsTest {
    private final Chunking chunking = new Chunking();

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/chunks.csv", useHeadersInDisplayName = true)
    void shouldCutAsPublished(
            final DataType type,
            final long count,
            final int ranks,
            final int maxFrameLength,
            final int chunkCoordinates,
            final int chunkCount,
            final int lastCoordinates,
            final int lastLength,
            final int window,
            final int cap) {
        chunking.set(type, count, ranks, maxFrameLength - DataFrame.HEADER_LENGTH);

        assertEquals(chunkCoordinates, chunking.chunkCoordinates());
        assertEquals(chunkCount, chunking.chunkCount());
        assertEquals(lastCoordinates, chunking.coordinates(chunkCount - 1));
        assertEquals(lastLength, chunking.payloadLength(chunkCount - 1));
        assertEquals(count, chunking.firstCoordinate(chunkCount - 1) + lastCoordinates);
        assertEquals(cap, Round.cap(new Plan.Sharded(ranks), chunking, window));
    }
}
