package io.signvote.transport;

import org.agrona.MutableDirectBuffer;

/**
 * Room for one frame in a log buffer. Addresses in it are valid until {@link #commit()} or {@link #abort()}. Used by
 * the owner of the transport.
 */
public interface Claim {
    /**
     * Buffer of the frame, outside the heap.
     *
     * @return buffer to which {@link #offset()} applies.
     */
    MutableDirectBuffer buffer();

    /**
     * Offset of the frame.
     *
     * @return byte offset into {@link #buffer()}, a multiple of 8.
     */
    int offset();

    /** Sends the frame. */
    void commit();

    /** Discards the frame. The receiver does not see it. */
    void abort();
}
