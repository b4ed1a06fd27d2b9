package io.signvote.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes as the vectors write them. */
final class Hex {
    private Hex() {}

    /** Off the heap, as frames are, and at an address that is a multiple of 8. */
    static UnsafeBuffer buffer(final String hex) {
        final UnsafeBuffer buffer = buffer(hex.length() / 2);
        buffer.putBytes(0, bytes(hex));
        return buffer;
    }

    static UnsafeBuffer buffer(final int length) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    static byte[] bytes(final String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static String of(final UnsafeBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
