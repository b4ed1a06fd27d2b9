package io.signvote.transport;

import org.agrona.DirectBuffer;

/** Receives frames. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Looks at one frame. The peer is known by the connection that it was introduced with, not by what it sends.
     *
     * @param peer rank that sent it.
     * @param buffer log buffer, off the heap, valid only during the call.
     * @param offset byte offset of the frame, a multiple of 8.
     * @param length bytes, whatever the peer sent.
     * @return true to consume it; false to leave it, and all behind it from the same peer, for a later poll.
     */
    boolean onFrame(int peer, DirectBuffer buffer, int offset, int length);
}
