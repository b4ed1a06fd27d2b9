package io.signvote.collective;

/** The chunks of a call, numbered from 0. Every member computes the same chunks. */
interface Geometry {
    /** Chunks of the call, at least 1. */
    int chunkCount();

    /** Coordinates of a full chunk; 0 in a call without coordinates. */
    int chunkCoordinates();

    /** First coordinate of a chunk in the memory of the members that cast it. */
    long firstCoordinate(int chunk);

    /** Coordinates of a chunk. */
    int coordinates(int chunk);

    /** Byte offset of a chunk in the result. */
    long offset(int chunk);

    /** Bytes of a chunk. */
    int payloadLength(int chunk);

    /** Bytes of a full chunk. */
    int maxPayloadLength();

    /** Bytes of the result. */
    long resultLength();
}
