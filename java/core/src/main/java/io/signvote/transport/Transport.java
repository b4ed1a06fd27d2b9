package io.signvote.transport;

/**
 * Carries frames between the ranks of one view: one ordered, reliable stream for each ordered pair of ranks. Frames of one
 * peer arrive in the order in which that peer committed them, unless a fault duplicates them; nothing is promised across
 * peers. Owned by one thread, which is the only one to call it, and to close it.
 */
public interface Transport extends AutoCloseable {
    /**
     * Our rank.
     *
     * @return 0 to size - 1.
     */
    int rank();

    /**
     * Ranks, ourselves included.
     *
     * @return at least 1.
     */
    int size();

    /**
     * Largest frame that can be claimed towards any peer, header included: the least over all links of the view.
     *
     * @return bytes, a multiple of 8, at least {@link Endpoint#MIN_FRAME_LENGTH}.
     */
    int maxFrameLength();

    /**
     * Bytes of frames that may be on their way to any one rank at once without being dropped: three quarters of the
     * smallest receive buffer of the view. Senders share it.
     *
     * @return bytes, or {@link Integer#MAX_VALUE} where nothing is ever dropped.
     */
    int receiveWindowLength();

    /**
     * Claims room for one frame in the log towards a peer. On {@code OK} the claim must be filled and then committed or
     * aborted within the same duty cycle: nobody else frees it, and a forgotten one blocks that peer for ever.
     *
     * @param peer rank to send to, not ourselves.
     * @param length bytes, at most {@link #maxFrameLength()}.
     * @param claim to be set on {@code OK}; from {@link #newClaim()}.
     * @return {@code OK}, {@code BACK_PRESSURED}, {@code NOT_CONNECTED} or {@code CLOSED} of
     *     {@link io.signvote.status.Status}.
     */
    int tryClaim(int peer, int length, Claim claim);

    /**
     * A claim that fits this transport, to be made once and used again and again.
     *
     * @return an empty claim.
     */
    Claim newClaim();

    /**
     * Hands received frames to a handler, in turn for all peers. Never waits. A handler's exception leaves this method
     * after the frame was consumed.
     *
     * @param handler called on this thread.
     * @param frameLimit most frames to consume from each peer.
     * @return frames consumed.
     */
    int poll(FrameHandler handler, int frameLimit);

    /**
     * What is known of the link to a peer. Not for the data path. It allocates nothing.
     *
     * @param peer a rank.
     * @return UP for ourselves too.
     * @throws io.signvote.error.VoteException where the carrier of all links is gone, such as a media driver.
     */
    LinkState linkState(int peer);

    /**
     * The first error that the carrier of the links has met, for the end of a message.
     *
     * @return text that begins with a comma, or an empty one.
     */
    default String errors() {
        return "";
    }

    /**
     * Times that we found a gap in what we received and asked for it again.
     *
     * @return a count that never decreases; 0 where nothing is ever lost.
     */
    long nakCount();

    /**
     * What was put on the way so far, with the transport's own framing.
     *
     * @return bytes.
     */
    long bytesSent();

    /**
     * Releases everything where the job has failed: peers that have stopped receiving are not waited for. What was committed
     * before may still reach the others.
     */
    default void abort() {
        close();
    }

    /** Releases everything. What was committed before is still delivered, within a bounded quiet period. */
    @Override
    void close();
}
