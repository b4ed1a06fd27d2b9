package io.signvote.transport;

import org.agrona.MutableDirectBuffer;

/** Room for one frame in a log buffer. No address in it outlives {@link #commit()} or {@link #abort()}. */
public interface Claim {
    /**
     * Where the frame goes. Off the heap.
     *
     * @return buffer in which {@link #offset()} counts.
     */
    MutableDirectBuffer buffer();

    /**
     * Where the frame begins.
     *
     * @return byte offset into {@link #buffer()}, a multiple of 8.
     */
    int offset();

    /** Sends the frame. */
    void commit();

    /** Gives the room back; the receiver sees nothing. */
    void abort();
}
