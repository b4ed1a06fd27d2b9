package io.signvote.transport.sim;

import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;

/** Passes every call on, except what a subclass does to the frames that it sends. */
public abstract class ForwardingTransport implements Transport {
    /** The transport below. */
    protected final SimTransport honest;

    /** Makes one that passes calls on to another. */
    protected ForwardingTransport(final SimTransport honest) {
        this.honest = honest;
    }

    @Override
    public int rank() {
        return honest.rank();
    }

    @Override
    public int size() {
        return honest.size();
    }

    @Override
    public int maxFrameLength() {
        return honest.maxFrameLength();
    }

    @Override
    public int receiveWindowLength() {
        return honest.receiveWindowLength();
    }

    @Override
    public int poll(final FrameHandler handler, final int frameLimit) {
        return honest.poll(handler, frameLimit);
    }

    @Override
    public LinkState linkState(final int peer) {
        return honest.linkState(peer);
    }

    @Override
    public long nakCount() {
        return honest.nakCount();
    }

    @Override
    public long bytesSent() {
        return honest.bytesSent();
    }

    @Override
    public void close() {
        honest.close();
    }
}
