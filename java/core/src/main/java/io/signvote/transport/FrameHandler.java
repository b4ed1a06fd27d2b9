package io.signvote.transport;

import org.agrona.DirectBuffer;

/** Receives frames. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Handles one frame. The connection identifies the peer, not the contents of the frame.
     *
     * @param peer member that sent it.
     * @param buffer log buffer, off the heap, valid only during the call.
     * @param offset byte offset of the frame, a multiple of 8.
     * @param length bytes of the frame, as the peer sent it; any number.
     * @return true to consume the frame; false to leave it, and all later frames of the same peer, for a later poll.
     */
    boolean onFrame(int peer, DirectBuffer buffer, int offset, int length);
}
