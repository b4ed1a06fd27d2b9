package io.signvote.transport;

/**
 * Carries frames between the members of one view: one ordered, reliable stream for each ordered pair of members. Frames
 * of one peer arrive in the order in which that peer committed them, unless a fault duplicates them. There is no order
 * between frames of different peers. Owned by one thread at a time: only the owner calls it and closes it.
 */
public interface Transport extends AutoCloseable {
    /**
     * Number of this member.
     *
     * @return 0 to size - 1.
     */
    int rank();

    /**
     * Number of members, including this one.
     *
     * @return at least 1.
     */
    int size();

    /**
     * Largest frame that can be claimed towards any peer, header included: the least limit of all links of the view.
     *
     * @return bytes, a multiple of 8, at least {@link Endpoint#MIN_FRAME_LENGTH}.
     */
    int maxFrameLength();

    /**
     * Bytes of frames that may be on their way to one member at once without loss. They are three quarters of the
     * smallest receive buffer of the view. All senders share it.
     *
     * @return bytes, or {@link Integer#MAX_VALUE} if frames are never dropped.
     */
    int receiveWindowLength();

    /**
     * Claims room for one frame in the log towards a peer. On {@code OK} the caller must fill the claim, and commit or
     * abort it in the same duty cycle. A forgotten claim blocks that peer for ever. Does not wait.
     *
     * @param peer member to send to, not this one.
     * @param length bytes, at most {@link #maxFrameLength()}.
     * @param claim from {@link #newClaim()}; set on {@code OK}.
     * @return {@code OK}, {@code BACK_PRESSURED}, {@code NOT_CONNECTED} or {@code CLOSED} of
     *     {@link io.signvote.status.Status}.
     */
    int tryClaim(int peer, int length, Claim claim);

    /**
     * Makes a claim for this transport. A caller makes one and uses it for many frames.
     *
     * @return an empty claim.
     */
    Claim newClaim();

    /**
     * Passes received frames to a handler, for all peers in turn. Never waits. If the handler throws, this method
     * consumes the frame and throws the same exception.
     *
     * @param handler of the frames, called on this thread.
     * @param frameLimit most frames to consume from each peer.
     * @return number of frames consumed.
     */
    int poll(FrameHandler handler, int frameLimit);

    /**
     * State of the link to a peer. Not for the data plane. Allocates nothing.
     *
     * @param peer number of a member.
     * @return state, UP for this member itself.
     * @throws io.signvote.error.VoteException if the carrier of all links, such as a media driver, is gone.
     */
    LinkState linkState(int peer);

    /**
     * The first error of the carrier of the links, for the end of a message.
     *
     * @return text that begins with a comma, or an empty one.
     */
    default String errors() {
        return "";
    }

    /**
     * Number of gaps in the received frames for which this member requested a retransmission.
     *
     * @return a count that never decreases; 0 if frames are never lost.
     */
    long nakCount();

    /**
     * Bytes that were sent so far, with the transport's own framing, without that of UDP and below.
     *
     * @return bytes.
     */
    long bytesSent();

    /**
     * Releases everything after the job has failed, without waiting for peers that have stopped receiving. Frames that
     * were committed before may still arrive.
     */
    default void abort() {
        close();
    }

    /** Releases everything. Frames that were committed before are still delivered, within a bounded quiet period. */
    @Override
    void close();
}
