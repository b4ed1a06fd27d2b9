package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.op.DataType;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class BlockChunkingTest {
    private final BlockChunking chunking = new BlockChunking();

    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/blocks.csv", useHeadersInDisplayName = true)
    void shouldCutAsPublished(
            final Collective collective,
            final DataType type,
            final long count,
            final int ranks,
            final int maxFrameLength,
            final int chunkCoordinates,
            final int chunkCount,
            final int lastCoordinates,
            final long lastFirst,
            final long lastOffset,
            final long resultLength) {
        chunking.set(collective, type, count, ranks, maxFrameLength - DataFrame.HEADER_LENGTH);

        final int last = chunkCount - 1;
        assertEquals(chunkCoordinates, chunking.chunkCoordinates());
        assertEquals(chunkCount, chunking.chunkCount());
        assertEquals(lastCoordinates, chunking.coordinates(last));
        assertEquals(type.sizeOf(lastCoordinates), chunking.payloadLength(last));
        assertEquals(lastFirst, chunking.firstCoordinate(last));
        assertEquals(lastOffset, chunking.offset(last));
        assertEquals(resultLength, chunking.resultLength());
    }
}
