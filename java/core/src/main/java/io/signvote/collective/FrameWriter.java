package io.signvote.collective;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.Transport;
import io.signvote.wire.DataFrame;

/** Writes frames directly into the send memory of the transport. One frame is open at a time. */
final class FrameWriter {
    private final Transport transport;
    private final DataFrame frame;
    private final Claim claim;

    FrameWriter(final Transport transport, final DataFrame frame) {
        this.transport = transport;
        this.frame = frame;
        claim = transport.newClaim();
    }

    /** Opens a frame to a member. Returns false if the transport has no room for it now. */
    boolean tryClaim(final int member, final int payloadLength) {
        return transport.tryClaim(member, DataFrame.HEADER_LENGTH + payloadLength, claim) == Status.OK;
    }

    /** Address of the payload of the open frame. */
    long payloadAddress() {
        return claim.buffer().addressOffset() + claim.offset() + DataFrame.HEADER_LENGTH;
    }

    /** Writes the header of the open frame and sends it. */
    void send(final short kind, final Round round, final int chunk, final int coordinates, final int ballots) {
        frame.write(
                claim.buffer(),
                claim.offset(),
                kind,
                round.roundId(),
                round.call(),
                chunk,
                coordinates,
                ballots,
                round.pacing().credit());
        claim.commit();
    }

    /** Aborts the open frame. */
    void abort() {
        claim.abort();
    }

    /** Reports the number of verdicts that we hold. Returns false if there is no room. */
    boolean sendReport(final int member, final Round round, final int verdictsHeld) {
        return sendHeader(member, DataFrame.CREDIT, round, verdictsHeld);
    }

    /** Sends a goodbye. Returns false if there is no room. */
    boolean sendGoodbye(final int member, final Round round) {
        return sendHeader(member, DataFrame.BYE, round, 0);
    }

    private boolean sendHeader(final int member, final short kind, final Round round, final int chunk) {
        if (!tryClaim(member, 0)) {
            return false;
        }
        send(kind, round, chunk, 0, 0);
        return true;
    }
}
