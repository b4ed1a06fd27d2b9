package io.signvote.collective;

import io.signvote.wire.sbe.DataFrameDecoder;

/** The chunks that one member tallies in a round. They are an arithmetic progression, so a cursor names the next of them. */
final class Share {
    private Geometry geometry;
    private int firstChunk;
    private int stride;
    private int chunkCount;

    void begin(final Plan plan, final int tallier, final long roundId, final Geometry geometry) {
        this.geometry = geometry;
        firstChunk = plan.firstChunk(tallier, roundId);
        stride = plan.stride();
        chunkCount = plan.chunkCount(tallier, firstChunk, geometry.chunkCount());
    }

    int chunkCount() {
        return chunkCount;
    }

    /** The chunk at a cursor. */
    int chunk(final int index) {
        return firstChunk + index * stride;
    }

    /** Whether a frame holds the chunk at a cursor and has the length of that chunk. */
    boolean isAt(final int index, final DataFrameDecoder header, final int payloadLength) {
        final int chunk = chunk(index);
        return index < chunkCount
                && header.chunk() == chunk
                && header.coordinates() == geometry.coordinates(chunk)
                && payloadLength == geometry.payloadLength(chunk);
    }

    /** Whether a frame without payload names the chunk at a cursor, or a later one. */
    boolean isFrom(final int index, final DataFrameDecoder header, final int payloadLength) {
        return payloadLength == 0
                && index(header) >= index
                && header.coordinates() == geometry.coordinates(header.chunk());
    }

    /** Whether a frame holds a chunk that a cursor has passed. */
    boolean isBefore(final int index, final DataFrameDecoder header) {
        final int passed = index(header);
        return passed >= 0 && passed < index;
    }

    /** The cursor at the chunk of a frame; -1 if the chunk is of another tallier. */
    int index(final DataFrameDecoder header) {
        final int ahead = header.chunk() - firstChunk;
        return ahead >= 0 && ahead % stride == 0 && ahead / stride < chunkCount ? ahead / stride : -1;
    }
}
