package io.signvote.transport.aeron;

import io.aeron.AeronCounters;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import io.signvote.error.VoteException;
import io.signvote.status.Status;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.CountersReader;

/** The two streams between us and one peer. Owned by the transport's thread. */
final class PeerLink implements ControlledFragmentHandler, AutoCloseable {
    // A claim that meets the end of a term moves to the next term and must be repeated. One repetition is enough.
    private static final int MAX_TURNS = 3;

    private final int peer;
    private final boolean isLocal;
    private final ExclusivePublication publication;
    private final Subscription subscription;
    private final CountersReader counters;
    private final int senderPositionId;
    private final int senderLimitId;

    private Image image;
    private int nakCounterId = CountersReader.NULL_COUNTER_ID;
    private long nakCount;
    private long sentLength;
    private FrameHandler handler;

    PeerLink(
            final int peer,
            final boolean isLocal,
            final ExclusivePublication publication,
            final Subscription subscription,
            final CountersReader counters) {
        this.peer = peer;
        this.isLocal = isLocal;
        this.publication = publication;
        this.subscription = subscription;
        this.counters = counters;
        senderLimitId = counters.findByTypeIdAndRegistrationId(
                AeronCounters.DRIVER_SENDER_LIMIT_TYPE_ID, publication.registrationId());
        senderPositionId = counters.findByTypeIdAndRegistrationId(
                AeronCounters.DRIVER_SENDER_POSITION_TYPE_ID, publication.registrationId());
    }

    // control plane

    int peer() {
        return peer;
    }

    /** Whether the peer receives our stream. */
    boolean isHeard() {
        return publication.isConnected();
    }

    /** Whether we receive the peer's stream. The subscription accepts one session only, so its image is the peer's. */
    boolean isHearing() {
        if (image == null && subscription.imageCount() > 0) {
            image = subscription.imageAtIndex(0);
            nakCounterId = counters.findByTypeIdAndRegistrationId(
                    AeronCounters.DRIVER_RECEIVER_NAKS_SENT_TYPE_ID, image.correlationId());
        }
        return image != null && !image.isClosed();
    }

    /**
     * State of the link. The peer's driver sends five status messages a second while it has an image of our stream,
     * even without data. If none arrives, our driver reports our stream as not connected until the next one arrives. A
     * closed image never comes back: a new image would begin later in the stream.
     */
    LinkState state() {
        if (isLocal || image.isEndOfStream()) {
            return LinkState.UP; // its end is for the coordinator to see
        }
        return image.isClosed() ? LinkState.BROKEN : publication.isConnected() ? LinkState.UP : LinkState.SILENT;
    }

    /**
     * Closes our publication. The driver continues until the peer has received everything, or until the end of its
     * linger.
     */
    void endSending() {
        sentLength = sentLength();
        publication.close();
    }

    /**
     * Whether the driver has freed our closed publication, because the peer has confirmed that it received all of it.
     */
    boolean isReceived() {
        return isLocal || isFreed(senderPositionId, publication.registrationId());
    }

    /** Position up to which the peer allows us to send. It grows as the peer receives. */
    long senderLimit() {
        return isFreed(senderLimitId, publication.registrationId())
                ? Long.MAX_VALUE
                : counters.getCounterValue(senderLimitId);
    }

    /** Whether the peer has not ended its stream yet. It then gets our farewell. */
    boolean isListenedTo() {
        return !isLocal && !image.isClosed() && !image.isEndOfStream();
    }

    /** Closes our subscription. The driver announces this to the peer. */
    void endReceiving() {
        nakCount = nakCount();
        subscription.close();
    }

    /** Closes both streams. Waits for the driver. */
    @Override
    public void close() {
        CloseHelper.quietCloseAll(publication, subscription);
    }

    // data plane

    int tryClaim(final int length, final AeronClaim claim) {
        for (int turn = 0; turn < MAX_TURNS; turn++) {
            final long position = publication.tryClaim(length, claim.range);
            if (position > 0) {
                return Status.OK;
            }
            if (position != Publication.ADMIN_ACTION) {
                return status(position);
            }
        }
        return Status.BACK_PRESSURED;
    }

    int poll(final FrameHandler frameHandler, final int frameLimit) {
        handler = frameHandler;
        return image.controlledPoll(this, frameLimit);
    }

    @Override
    public Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        return handler.onFrame(peer, buffer, offset, length) ? Action.CONTINUE : Action.ABORT;
    }

    long sentLength() {
        return publication.isClosed() ? sentLength : publication.position();
    }

    long nakCount() {
        if (nakCounterId != CountersReader.NULL_COUNTER_ID && !isFreed(nakCounterId, image.correlationId())) {
            nakCount = counters.getCounterValue(nakCounterId);
        }
        return nakCount;
    }

    private int status(final long position) {
        if (position == Publication.BACK_PRESSURED) {
            return Status.BACK_PRESSURED;
        }
        if (position == Publication.NOT_CONNECTED) {
            return Status.NOT_CONNECTED;
        }
        if (position == Publication.CLOSED) {
            return Status.CLOSED;
        }
        throw new VoteException("peer=" + peer + " position=" + publication.position()
                + ": the stream has reached Aeron's last position, start a new communicator");
    }

    private boolean isFreed(final int counterId, final long registrationId) {
        return counterId == CountersReader.NULL_COUNTER_ID
                || counters.getCounterState(counterId) != CountersReader.RECORD_ALLOCATED
                || counters.getCounterRegistrationId(counterId) != registrationId;
    }
}
