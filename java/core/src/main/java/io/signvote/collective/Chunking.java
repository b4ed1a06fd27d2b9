package io.signvote.collective;

import io.signvote.op.DataType;

/**
 * Cuts a call into chunks. A chunk holds as many coordinates as fit one frame, but at most ceil(n / M). That limit is
 * rounded up to a multiple of 1,024 signs or 256 numbers. It spreads a small call over the talliers. A call without
 * coordinates has one empty chunk: its frames still carry the call of every rank for comparison.
 */
final class Chunking implements Geometry {
    private static final int SIGN_GRANULE = 1024;
    private static final int NUMBER_GRANULE = 256;
    private static final int PAYLOAD_ALIGNMENT = 32;

    private DataType type = DataType.SIGN;
    private long count;
    private int chunkCoordinates;
    private int chunkCount;

    void set(final DataType type, final long count, final int ranks, final int maxPayloadLength) {
        final int granule = type == DataType.SIGN ? SIGN_GRANULE : NUMBER_GRANULE;
        final long share = ((count + ranks - 1) / ranks + granule - 1) / granule * granule;

        this.type = type;
        this.count = count;
        chunkCoordinates = (int) Math.min(most(type, maxPayloadLength), share);
        chunkCount = count == 0 ? 1 : Math.toIntExact((count + chunkCoordinates - 1) / chunkCoordinates);
    }

    /** Coordinates that fit one frame. */
    static int most(final DataType type, final int maxPayloadLength) {
        final int payloadLength = maxPayloadLength & -PAYLOAD_ALIGNMENT;
        return type == DataType.SIGN ? payloadLength << 3 : payloadLength / type.size();
    }

    @Override
    public int chunkCount() {
        return chunkCount;
    }

    @Override
    public int chunkCoordinates() {
        return chunkCoordinates;
    }

    @Override
    public long firstCoordinate(final int chunk) {
        return (long) chunk * chunkCoordinates;
    }

    @Override
    public int coordinates(final int chunk) {
        return (int) Math.min(chunkCoordinates, count - firstCoordinate(chunk));
    }

    @Override
    public long offset(final int chunk) {
        return type.sizeOf(firstCoordinate(chunk));
    }

    @Override
    public int payloadLength(final int chunk) {
        return (int) type.sizeOf(coordinates(chunk));
    }

    @Override
    public int maxPayloadLength() {
        return (int) type.sizeOf(chunkCoordinates);
    }

    @Override
    public long resultLength() {
        return type.sizeOf(count);
    }
}
