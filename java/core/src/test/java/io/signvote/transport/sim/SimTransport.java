package io.signvote.transport.sim;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One member's end of a {@link SimNetwork}. */
public final class SimTransport implements Transport {
    private final SimNetwork network;
    private final int rank;
    private final int maxFrameLength;
    private long bytesSent;
    private long aborts;

    SimTransport(final SimNetwork network, final int rank, final int maxFrameLength) {
        this.network = network;
        this.rank = rank;
        this.maxFrameLength = maxFrameLength;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return network.members();
    }

    @Override
    public int maxFrameLength() {
        return maxFrameLength;
    }

    @Override
    public int receiveWindowLength() {
        return network.windowFrames() * maxFrameLength;
    }

    @Override
    public int tryClaim(final int peer, final int length, final Claim claim) {
        if (length > maxFrameLength) {
            throw new IllegalArgumentException("length=" + length + " > " + maxFrameLength);
        }
        if (network.linkState(rank, peer) != LinkState.UP) {
            return Status.NOT_CONNECTED;
        }
        if (network.isBackPressured(rank, peer)) {
            return Status.BACK_PRESSURED;
        }
        ((SimClaim) claim).open(peer, length);
        bytesSent += length;
        return Status.OK;
    }

    @Override
    public Claim newClaim() {
        return new SimClaim();
    }

    @Override
    public int poll(final FrameHandler handler, final int frameLimit) {
        int frames = 0;
        for (int from = 0; from < network.members(); from++) {
            SimNetwork.Frame frame;
            int taken = 0;
            while (taken < frameLimit && (frame = network.peek(from, rank)) != null) {
                if (!handler.onFrame(from, frame.bytes(), 0, frame.length())) {
                    break;
                }
                network.consume(from, rank);
                taken++;
            }
            frames += taken;
        }
        return frames;
    }

    @Override
    public LinkState linkState(final int peer) {
        return network.linkState(rank, peer);
    }

    @Override
    public long nakCount() {
        return network.nakCount(rank);
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    /** Claims given back, each of which would cross a real link as padding. */
    public long aborts() {
        return aborts;
    }

    @Override
    public void close() {}

    private final class SimClaim implements Claim {
        private int peer;
        private UnsafeBuffer buffer;
        private int length;

        private void open(final int peer, final int length) {
            if (buffer != null) {
                throw new IllegalStateException("a claim towards " + this.peer + " is still open");
            }
            this.peer = peer;
            this.length = length;
            buffer = network.allocate(maxFrameLength);
        }

        @Override
        public MutableDirectBuffer buffer() {
            return buffer;
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public void commit() {
            network.send(rank, peer, buffer, length);
            buffer = null;
        }

        @Override
        public void abort() {
            aborts++;
            buffer = null;
        }
    }
}
