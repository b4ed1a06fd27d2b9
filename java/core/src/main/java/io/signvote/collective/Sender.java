package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.wire.DataFrame;

/** Sends what a round needs sent: verdicts, ballots, reports, goodbyes. Every frame is written where it is claimed. */
final class Sender {
    private static final int ANSWER_LIMIT = 8;

    private final Round round;
    private final DataFrame frame;
    private final Claim claim;

    Sender(final Round round, final DataFrame frame) {
        this.round = round;
        this.frame = frame;
        claim = round.transport.newClaim();
    }

    /** Sends verdicts of closed chunks to whoever lacks them. */
    int answer() {
        final Round x = round;
        final boolean isOneWay = x.plan.isOneWay();
        final int ready = isOneWay && !isEveryonePresent() ? Math.min(x.closed, x.own.chunkCount - 1) : x.closed;
        int work = 0;
        for (final Link link : x.links) {
            if (x.isReceiver(link)) {
                final int most = isOneWay ? Math.min(ready, Math.max(0, link.acknowledged) + link.credit) : ready;
                for (int i = 0; i < ANSWER_LIMIT && link.answered < most && sendVerdict(link); i++) {
                    work++;
                }
            }
        }
        return work;
    }

    /** Casts the next ballot towards each tallier that has credit, where it is ready; others are skipped, not awaited. */
    int cast() {
        if (!round.plan.isOneWay()) {
            round.agreeOnCredit();
        }
        int work = 0;
        for (final Link link : round.links) {
            if (round.casts(link) && link.cast < link.chunkCount && (link == round.own ? castOwn() : castTo(link))) {
                link.cast++;
                work++;
            }
        }
        return work;
    }

    /**
     * In a one-way collective, says who is there: receivers to the root, and the root to all, so that two ranks that each take
     * themselves for the root find out. Then tells the root what arrived, every half of the credit that it goes by and at the end.
     */
    int report() {
        if (!round.plan.isOneWay()) {
            return 0;
        }
        int work = 0;
        for (final Link link : round.links) {
            final boolean isConcerned = link.chunkCount > 0 || round.own.chunkCount > 0;
            if (isConcerned && round.isReceiver(link) && isReportDue(link) && sendReport(link)) {
                work++;
            }
        }
        return work;
    }

    /** Says goodbye to every member; true once all have been told. */
    boolean sayGoodbye() {
        boolean isSaid = true;
        for (final Link link : round.links) {
            if (link != round.own && link.answered == 0) {
                link.answered = sendHeader(link, DataFrame.BYE, 0) ? 1 : 0;
                isSaid &= link.answered == 1;
            }
        }
        return isSaid;
    }

    /**
     * Whether every receiver of a one-way collective has entered the round. Until then the last chunk is held back, so that
     * nobody leaves a round that another has not entered.
     */
    private boolean isEveryonePresent() {
        for (final Link link : round.links) {
            if (round.isReceiver(link) && link.acknowledged < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean sendVerdict(final Link link) {
        final int chunk = round.chunk(round.own, link.answered);
        final int payloadLength = round.geometry.payloadLength(chunk);
        if (!tryClaim(link, payloadLength)) {
            return false;
        }
        writeHeader(DataFrame.VERDICT, chunk, round.geometry.coordinates(chunk), round.plan.ballots());
        Copies.copy(round.place(chunk), payloadAddress(), payloadLength);
        claim.commit();
        link.told = round.pacing.credit();
        link.answered++;
        return true;
    }

    private boolean castTo(final Link link) {
        if (link.cast - link.decided >= round.credit()) {
            return false;
        }
        final int chunk = round.chunk(link, link.cast);
        final int coordinates = round.geometry.coordinates(chunk);
        final long first = round.geometry.firstCoordinate(chunk);
        // asked before the claim: an aborted one would cross the wire as padding
        if (!isReady(first, coordinates) || !tryClaim(link, round.geometry.payloadLength(chunk))) {
            return false;
        }
        boolean isWritten = false;
        try {
            fill(first, coordinates, payloadAddress());
            writeHeader(DataFrame.BALLOT, chunk, coordinates, 0);
            isWritten = true;
        } finally {
            if (!isWritten) {
                claim.abort();
            }
        }
        claim.commit();
        return true;
    }

    private boolean castOwn() {
        final Round x = round;
        final int index = x.own.cast;
        final int open = index - x.closed;
        if (open >= Math.min(x.window, x.credit()) || !x.tally().isTurn(index, x.own.member)) {
            return false;
        }
        final int chunk = x.chunk(x.own, index);
        final int coordinates = x.geometry.coordinates(chunk);
        final long first = x.geometry.firstCoordinate(chunk);
        if (!isReady(first, coordinates)) {
            return false;
        }
        final long ballot = x.tally().place(index, chunk);
        fill(first, coordinates, ballot);
        x.add(index, chunk, ballot);
        return true;
    }

    /** A chunk of nothing is ready, and nobody is asked for it. */
    private boolean isReady(final long first, final int coordinates) {
        return coordinates == 0 || round.source.isReady(first, coordinates);
    }

    private void fill(final long first, final int coordinates, final long ballot) {
        if (coordinates > 0) {
            round.source.fill(first, coordinates, ballot);
        }
    }

    /** All senders move our credit, but each goes by what it was told last: that may be less than half of what we grant by now. */
    private boolean isReportDue(final Link link) {
        final boolean isEdge = link.reported < 0 || link.decided == link.chunkCount;
        final int due = isEdge ? 1 : Math.max(1, Math.min(link.told, round.pacing.credit()) / 2);
        return link.decided - link.reported >= due;
    }

    private boolean sendReport(final Link link) {
        if (!sendHeader(link, DataFrame.CREDIT, link.decided)) {
            return false;
        }
        link.reported = link.decided;
        link.told = round.pacing.credit();
        return true;
    }

    private boolean sendHeader(final Link link, final short kind, final int chunk) {
        if (!tryClaim(link, 0)) {
            return false;
        }
        writeHeader(kind, chunk, 0, 0);
        claim.commit();
        return true;
    }

    private boolean tryClaim(final Link link, final int payloadLength) {
        return round.transport.tryClaim(link.member, DataFrame.HEADER_LENGTH + payloadLength, claim) == Status.OK;
    }

    private void writeHeader(final short kind, final int chunk, final int coordinates, final int ballots) {
        frame.write(
                claim.buffer(),
                claim.offset(),
                kind,
                round.number,
                round.call,
                chunk,
                coordinates,
                ballots,
                round.pacing.credit());
    }

    private long payloadAddress() {
        return claim.buffer().addressOffset() + claim.offset() + DataFrame.HEADER_LENGTH;
    }
}
