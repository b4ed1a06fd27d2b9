package io.signvote.collective;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.Transport;
import io.signvote.wire.DataFrame;

/** Writes frames in the memory of the transport that sends them. One frame is open at a time. */
final class FrameWriter {
    private final Transport transport;
    private final DataFrame frame;
    private final Claim claim;

    FrameWriter(final Transport transport, final DataFrame frame) {
        this.transport = transport;
        this.frame = frame;
        claim = transport.newClaim();
    }

    /** Opens a frame towards a member; false where there is no room. */
    boolean tryClaim(final int member, final int payloadLength) {
        return transport.tryClaim(member, DataFrame.HEADER_LENGTH + payloadLength, claim) == Status.OK;
    }

    /** Where the payload of the open frame belongs. */
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

    /** Gives the open frame back. */
    void abort() {
        claim.abort();
    }

    /** Reports how many verdicts we hold; false where there is no room. */
    boolean sendReport(final int member, final Round round, final int verdictsHeld) {
        return sendHeader(member, DataFrame.CREDIT, round, verdictsHeld);
    }

    /** Says goodbye; false where there is no room. */
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
