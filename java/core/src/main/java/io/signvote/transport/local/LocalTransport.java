package io.signvote.transport.local;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The transport of ranks in one process: a one-to-one ring buffer for each ordered pair of ranks. Each instance is
 * owned by the thread of its rank.
 */
public final class LocalTransport implements Transport {
    private static final int FRAME_TYPE = 1;
    private static final long ALL_RINGS_LENGTH = 256L << 20;
    private static final int LEAST_RING_LENGTH = 4 << 10;
    private static final int MOST_RING_LENGTH = 512 << 10;
    private static final int ALIGNMENT = 64;

    /** Bytes of the ring's header in front of each frame. */
    private static final int FRAMING_LENGTH = 8;

    private final int rank;
    private final OneToOneRingBuffer[] outbound;
    private final Inbound[] inbound;
    private final int maxFrameLength;
    private int firstPeer;
    private long bytesSent;

    private LocalTransport(final int rank, final OneToOneRingBuffer[][] rings) {
        this.rank = rank;
        final int size = rings.length;
        outbound = rings[rank];
        inbound = new Inbound[size];
        int maxLength = MOST_RING_LENGTH;
        for (int peer = 0; peer < size; peer++) {
            if (peer != rank) {
                inbound[peer] = new Inbound(peer, rings[peer][rank]);
                maxLength = Math.min(maxLength, outbound[peer].maxMsgLength());
            }
        }
        maxFrameLength = maxLength - FRAMING_LENGTH & -FRAMING_LENGTH;
    }

    /**
     * Makes connected transports for a number of ranks. Their rings take at most 256 MiB for up to 180 ranks, and 320
     * MiB for 255.
     *
     * @param size ranks, at least 1.
     * @return one transport per rank, in order.
     */
    public static LocalTransport[] create(final int size) {
        final int ringLength = (int) Math.max(
                LEAST_RING_LENGTH,
                Math.min(
                        MOST_RING_LENGTH,
                        BitUtil.findNextPositivePowerOfTwo(ALL_RINGS_LENGTH / Math.max(1, size * (size - 1L))) >> 1));
        final OneToOneRingBuffer[][] rings = new OneToOneRingBuffer[size][size];
        for (int from = 0; from < size; from++) {
            for (int to = 0; to < size; to++) {
                if (from != to) {
                    final ByteBuffer memory = BufferUtil.allocateDirectAligned(
                            ringLength + RingBufferDescriptor.TRAILER_LENGTH, ALIGNMENT);
                    rings[from][to] = new OneToOneRingBuffer(new UnsafeBuffer(memory));
                }
            }
        }
        final LocalTransport[] transports = new LocalTransport[size];
        for (int rank = 0; rank < size; rank++) {
            transports[rank] = new LocalTransport(rank, rings);
        }
        return transports;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return outbound.length;
    }

    @Override
    public int maxFrameLength() {
        return maxFrameLength;
    }

    @Override
    public int receiveWindowLength() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int tryClaim(final int peer, final int length, final Claim claim) {
        final OneToOneRingBuffer ring = outbound[peer];
        final int index = ring.tryClaim(FRAME_TYPE, length);
        if (index < 0) {
            return Status.BACK_PRESSURED;
        }
        ((RingClaim) claim).set(ring, index);
        bytesSent += length + FRAMING_LENGTH;
        return Status.OK;
    }

    @Override
    public Claim newClaim() {
        return new RingClaim();
    }

    @Override
    public int poll(final FrameHandler handler, final int frameLimit) {
        final int size = inbound.length;
        int frames = 0;
        for (int i = 0; i < size; i++) {
            final Inbound from = inbound[(firstPeer + i) % size];
            if (from != null) {
                from.handler = handler;
                frames += from.ring.controlledRead(from, frameLimit);
            }
        }
        firstPeer = (firstPeer + 1) % size;
        return frames;
    }

    @Override
    public LinkState linkState(final int peer) {
        return LinkState.UP;
    }

    @Override
    public long nakCount() {
        return 0;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    /** Does nothing: a peer may still read. The garbage collector frees the rings. */
    @Override
    public void close() {}

    /** Keeps the handler of a poll, so that reading allocates no lambda. */
    private static final class Inbound implements ControlledMessageHandler {
        private final int peer;
        private final OneToOneRingBuffer ring;
        private FrameHandler handler;

        private Inbound(final int peer, final OneToOneRingBuffer ring) {
            this.peer = peer;
            this.ring = ring;
        }

        @Override
        public Action onMessage(
                final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length) {
            return handler.onFrame(peer, buffer, index, length) ? Action.CONTINUE : Action.ABORT;
        }
    }

    private static final class RingClaim implements Claim {
        private OneToOneRingBuffer ring;
        private int index;

        private void set(final OneToOneRingBuffer ring, final int index) {
            this.ring = ring;
            this.index = index;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return ring.buffer();
        }

        @Override
        public int offset() {
            return index;
        }

        @Override
        public void commit() {
            ring.commit(index);
        }

        @Override
        public void abort() {
            ring.abort(index);
        }
    }
}
