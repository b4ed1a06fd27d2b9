package io.signvote.transport.aeron;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import java.util.concurrent.locks.LockSupport;

/**
 * Frames over Aeron: one exclusive publication to, and one image from, each peer. Owned by the thread that connected
 * it. Claim and poll allocate nothing and never wait.
 */
final class AeronTransport implements Transport {
    private static final long CLOSE_PARK_NS = 500_000;
    private static final long FAREWELL_TIMEOUT_NS = 50_000_000;
    // A live peer that has nothing to consume reports every 200 ms. A lost tail is asked for after a heartbeat of 100
    // ms, and a busy
    // core takes its time: a report may come late by one.
    private static final long STALL_NS = 500_000_000;
    private static final long ABORT_TIMEOUT_NS = 1_000_000_000;

    private final AeronNode node;
    private final PeerLink[] linkOfPeer;
    private final PeerLink[] links;
    private final int rank;
    private final int maxFrameLength;
    private final int receiveWindowLength;
    private int firstLink;
    private boolean isClosed;
    private boolean isInterrupted;

    /**
     * A connected transport.
     *
     * @param node driver and client, closed with us.
     * @param linkOfPeer connected links by rank; null at ours.
     * @param rank ours.
     * @param maxFrameLength least over all links.
     * @param receiveWindowLength bytes in flight towards one rank, or Integer.MAX_VALUE.
     */
    AeronTransport(
            final AeronNode node,
            final PeerLink[] linkOfPeer,
            final int rank,
            final int maxFrameLength,
            final int receiveWindowLength) {
        this.node = node;
        this.linkOfPeer = linkOfPeer;
        this.rank = rank;
        this.maxFrameLength = maxFrameLength;
        this.receiveWindowLength = receiveWindowLength;
        links = new PeerLink[linkOfPeer.length - 1];
        for (int i = 0; i < links.length; i++) {
            links[i] = linkOfPeer[(rank + 1 + i) % linkOfPeer.length];
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return linkOfPeer.length;
    }

    @Override
    public int maxFrameLength() {
        return maxFrameLength;
    }

    @Override
    public int receiveWindowLength() {
        return receiveWindowLength;
    }

    @Override
    public Claim newClaim() {
        return new AeronClaim();
    }

    // data plane

    @Override
    public int tryClaim(final int peer, final int length, final Claim claim) {
        if (length > maxFrameLength) {
            throw new IllegalArgumentException("length=" + length + " > maxFrameLength=" + maxFrameLength);
        }
        final int status = linkOfPeer[peer].tryClaim(length, (AeronClaim) claim);
        if (status == Status.CLOSED && !isClosed) {
            node.ensureAlive();
        }
        return status;
    }

    @Override
    public int poll(final FrameHandler handler, final int frameLimit) {
        if (isClosed) {
            return 0;
        }
        node.ensureAlive();
        // Whoever is first is served first: everybody is in turn.
        final int count = links.length;
        firstLink = firstLink + 1 < count ? firstLink + 1 : 0;
        int frames = 0;
        for (int i = 0; i < count; i++) {
            final int index = firstLink + i;
            frames += links[index < count ? index : index - count].poll(handler, frameLimit);
        }
        return frames;
    }

    // control plane

    @Override
    public LinkState linkState(final int peer) {
        if (isClosed || peer == rank) {
            return LinkState.UP;
        }
        node.ensureDriverBeats();
        return linkOfPeer[peer].state();
    }

    @Override
    public String errors() {
        return node.errors();
    }

    @Override
    public long nakCount() {
        long count = 0;
        for (final PeerLink link : links) {
            count += link.nakCount();
        }
        return count;
    }

    @Override
    public long bytesSent() {
        long length = 0;
        for (final PeerLink link : links) {
            length += link.sentLength();
        }
        return length;
    }

    /**
     * Ends our streams, waits until every peer that still hears us has received all of them, or for the quiet period,
     * and then releases everything. A shared driver outlives us and sees to the rest, so nothing is waited for there.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (node.isEmbedded() && node.isAlive()) {
                endSending(node.closeTimeoutNs(), Long.MAX_VALUE);
                endReceiving();
            }
        } finally {
            release();
        }
    }

    /**
     * Ends our streams, and gives up on peers as soon as none of them has received anything for longer than live ones are silent:
     * those that died never will, and the failure names the first of them alone. The coordinator has told the others, so nobody is
     * told again.
     */
    @Override
    public void abort() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (node.isEmbedded() && node.isAlive()) {
                endSending(Math.min(ABORT_TIMEOUT_NS, node.closeTimeoutNs()), STALL_NS);
            }
        } finally {
            release();
        }
    }

    private void release() {
        node.close();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** An interrupted thread does not park, and the driver needs the core: the interrupt comes back at the end. */
    private void park() {
        isInterrupted |= Thread.interrupted();
        LockSupport.parkNanos(CLOSE_PARK_NS);
    }

    private void endSending(final long timeoutNs, final long stallNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        final boolean[] isHeard = new boolean[links.length];
        for (int i = 0; i < links.length; i++) {
            // a peer that stands still is not heard, and will want what it lacks
            isHeard[i] = links[i].isHeard() || links[i].isListenedTo();
            links[i].endSending();
        }
        long limit = 0;
        long movedNs = System.nanoTime();
        while (node.isAlive() && System.nanoTime() - deadlineNs < 0 && System.nanoTime() - movedNs < stallNs) {
            boolean isReceived = true;
            long sum = 0;
            for (int i = 0; i < links.length; i++) {
                if (isHeard[i] && !links[i].isReceived()) {
                    isReceived = false;
                    sum += links[i].senderLimit();
                }
            }
            if (isReceived) {
                return;
            }
            if (sum != limit) {
                limit = sum;
                movedNs = System.nanoTime();
            }
            park();
        }
    }

    // The driver tells each sender that we are going in a last status message. A peer that closes later would wait
    // for us in vain without it.
    private void endReceiving() {
        final long deadlineNs = System.nanoTime() + FAREWELL_TIMEOUT_NS;
        long messages = node.statusMessageCount();
        for (final PeerLink link : links) {
            messages += link.isListenedTo() ? 1 : 0;
            link.endReceiving();
        }
        while (node.statusMessageCount() < messages && node.isAlive() && System.nanoTime() - deadlineNs < 0) {
            park();
        }
    }
}
