package io.signvote.transport.aeron;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries frames over Aeron: one exclusive publication to each peer, and one image from each peer. Owned by one thread
 * at a time. Claim and poll allocate nothing and never wait.
 */
final class AeronTransport implements Transport {
    private static final long CLOSE_PARK_NS = 500_000;
    private static final long FAREWELL_TIMEOUT_NS = 50_000_000;
    // A live peer that has nothing to consume reports every 200 ms. It requests a lost tail after a heartbeat of 100
    // ms, and a busy core may delay a report by one more interval.
    private static final long STALL_NS = 500_000_000;
    private static final long ABORT_TIMEOUT_NS = 1_000_000_000;

    private final AeronNode node;
    private final Runnable release;
    private final PeerLink[] linkOfPeer;
    private final PeerLink[] links;
    private final int rank;
    private final int maxFrameLength;
    private final int receiveWindowLength;
    private int firstLink;
    private boolean isClosed;
    private boolean isInterrupted;

    /**
     * Makes a transport of connected links.
     *
     * @param node driver and client.
     * @param release called once, when this transport no longer uses the node.
     * @param linkOfPeer connected links by member; null for this one.
     * @param rank number of this member.
     * @param maxFrameLength least limit of all links.
     * @param receiveWindowLength bytes in flight towards one member, or Integer.MAX_VALUE.
     */
    AeronTransport(
            final AeronNode node,
            final Runnable release,
            final PeerLink[] linkOfPeer,
            final int rank,
            final int maxFrameLength,
            final int receiveWindowLength) {
        this.node = node;
        this.release = release;
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
        // The first link is served first, so each link is the first in turn.
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
     * Ends our streams, and waits until every connected peer has received all of them, or until the close timeout. Then
     * releases everything. A shared driver outlives this transport and delivers the rest, so there is no wait.
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
     * Ends our streams, and waits for peers only while at least one of them makes progress. A dead peer makes none, and
     * the failure names only the first dead peer, so others may be dead too. The other members know the failure from
     * the coordinator, so there is no farewell.
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
        release.run();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Parks for a moment. An interrupted thread would not park, but the driver needs the core. So this takes the
     * interrupt, and {@link #release} restores it.
     */
    private void park() {
        isInterrupted |= Thread.interrupted();
        LockSupport.parkNanos(CLOSE_PARK_NS);
    }

    private void endSending(final long timeoutNs, final long stallNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        final boolean[] isHeard = new boolean[links.length];
        for (int i = 0; i < links.length; i++) {
            // a peer whose process is stopped is not connected now, but needs the missing frames later
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

    // The driver sends each sender a last status message, which announces our end. Without it a peer that closes later
    // would wait for us in vain.
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
