package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.op.DataType;
import io.signvote.wire.DataFrame;
import io.signvote.wire.sbe.DataFrameDecoder;

/**
 * The state of a round between this member and one other. Both walk the chunks of a tallier in order, and the frames of
 * one peer arrive in order. So a cursor per kind of frame is enough. Only this class writes the cursors.
 *
 * <pre>
 *  our ballots    ---- ballotsSent ---->  the member's share
 *                 &lt;--- verdictsHeld ----  verdictsReported: how many of them we reported to the member
 *
 *  its ballots    -- ballotsReceived -->  our share ({@link Tallier})
 *                 &lt;--- verdictsSent ----  verdictsAcknowledged: how many of them the member reported to us
 * </pre>
 */
final class Link {
    private static final int VERDICT_LIMIT = 8;

    private final Round round;
    private final Peer peer;
    private final FrameWriter writer;
    private final Share share = new Share();
    private int chunkCount;
    private boolean castsHere;
    private boolean isCastTo;
    private boolean wantsHere;
    private boolean isWantedThere;
    private int ballotsSent;
    private int ballotsReceived;
    private int verdictsHeld;
    private int verdictsSent;
    private int verdictsAcknowledged;
    private int verdictsReported;

    Link(final Round round, final Peer peer, final FrameWriter writer) {
        this.round = round;
        this.peer = peer;
        this.writer = writer;
    }

    /**
     * Begins a round.
     *
     * @param plan of the round.
     * @param roundId of the round.
     * @param geometry of the call.
     * @param reports first value of the cursors over reports: -1 if the first report announces its sender, else 0.
     */
    void begin(final Plan plan, final long roundId, final Geometry geometry, final int reports) {
        share.begin(plan, peer.member(), roundId, geometry);
        chunkCount = share.chunkCount();
        castsHere = plan.casts(peer.member(), round.member());
        isCastTo = plan.casts(round.member(), peer.member());
        wantsHere = plan.wants(round.member(), peer.member());
        isWantedThere = plan.wants(peer.member(), round.member());
        ballotsSent = 0;
        ballotsReceived = 0;
        verdictsHeld = 0;
        verdictsSent = 0;
        verdictsAcknowledged = reports;
        verdictsReported = reports;
    }

    Peer peer() {
        return peer;
    }

    /** The chunks that the member tallies. */
    Share share() {
        return share;
    }

    /** Whether the member's verdicts are part of our result. */
    boolean wantsHere() {
        return wantsHere;
    }

    boolean isTallier() {
        return chunkCount > 0;
    }

    /** Number of our ballots that were sent to the member. */
    int ballotsSent() {
        return ballotsSent;
    }

    /** Number of ballots received from the member. */
    int ballotsReceived() {
        return ballotsReceived;
    }

    /** Number of verdicts received from the member. */
    int verdictsHeld() {
        return verdictsHeld;
    }

    /** Number of our verdicts that were sent to the member. */
    int verdictsSent() {
        return verdictsSent;
    }

    /** Number of our verdicts that the member has reported to hold; -1 while we wait for its first report. */
    int verdictsAcknowledged() {
        return verdictsAcknowledged;
    }

    /** Number of verdicts that we have reported to hold from the member; -1 before our first report. */
    int verdictsReported() {
        return verdictsReported;
    }

    /** Sum of the cursors. No cursor goes back in a round. */
    long moves() {
        return (long) ballotsSent
                + ballotsReceived
                + verdictsHeld
                + verdictsSent
                + verdictsAcknowledged
                + verdictsReported;
    }

    /**
     * Whether a frame of the member has moved a cursor in this round. The cursors over reports began at
     * {@code firstReport}.
     */
    boolean isHeard(final int firstReport) {
        return ballotsReceived > 0 || verdictsHeld > 0 || verdictsAcknowledged > firstReport;
    }

    boolean hasAllBallots() {
        return !isCastTo || ballotsSent == chunkCount;
    }

    boolean hasAllVerdicts() {
        return verdictsHeld == chunkCount || !round.isAnswered();
    }

    /** Whether the member has sent us its ballots of the round. */
    boolean hasCastAll() {
        return !castsHere || ballotsReceived == round.tallier().share().chunkCount();
    }

    /** Whether a chunk of ours waits for the member's ballot. */
    boolean isBallotMissing(final int index) {
        return castsHere && ballotsReceived <= index && round.tallier().isTurn(index, peer.member());
    }

    // sending

    /**
     * Sends verdicts of ours to a member that wants them. To another member it sends one verdict without payload, once half a credit
     * of chunks is closed, or all.
     *
     * @param most upper limit of {@link #verdictsSent}.
     * @return verdicts sent.
     */
    int sendVerdicts(final int most) {
        if (!round.isAnswered()) {
            return 0;
        }
        if (!isWantedThere) {
            final int due = most == round.tallier().share().chunkCount() ? 1 : peer.creditTold() / 2;
            return most - verdictsSent < Math.max(1, due) ? 0 : acknowledge(most);
        }
        int work = 0;
        while (work < VERDICT_LIMIT && verdictsSent < most && peer.isRank() && sendVerdict()) {
            work++;
        }
        return work;
    }

    private boolean sendVerdict() {
        final int chunk = round.tallier().share().chunk(verdictsSent);
        final int payloadLength = round.geometry().payloadLength(chunk);
        if (!writer.tryClaim(peer.member(), payloadLength)) {
            return false;
        }
        Copies.copy(round.address(chunk), writer.payloadAddress(), payloadLength);
        sendVerdict(chunk);
        verdictsSent++;
        return true;
    }

    private void sendVerdict(final int chunk) {
        writer.send(DataFrame.VERDICT, round, chunk, round.geometry().coordinates(chunk), round.ballots());
        peer.onTold(round.pacing().credit());
    }

    /**
     * Answers the ballots of a member that does not want our verdicts: one verdict without payload for all chunks that are closed.
     * Until its ballots are answered, the member can only send as many as its credit allows.
     *
     * @param closed number of our closed chunks.
     * @return verdicts sent.
     */
    int acknowledge(final int closed) {
        if (isWantedThere
                || !round.isAnswered()
                || closed == verdictsSent
                || !peer.isRank()
                || !castsHere && closed < round.tallier().share().chunkCount()
                || !writer.tryClaim(peer.member(), 0)) {
            return 0;
        }
        sendVerdict(round.tallier().share().chunk(closed - 1));
        verdictsSent = closed;
        return 1;
    }

    /**
     * Sends our next ballot to the member if the member waits for one, the credit allows it and the ballot is ready.
     *
     * @param credit ballots that may be sent without an answer.
     * @return ballots cast.
     */
    int castBallot(final int credit) {
        if (!isCastTo || ballotsSent == chunkCount || isShortOf(credit)) {
            return 0;
        }
        final int chunk = share.chunk(ballotsSent);
        final Geometry geometry = round.geometry();
        if (round.isOrdered()) {
            // the member may leave our ballot unread until our turn: an answer behind the ballot would wait too
            acknowledge(round.tallier().closed());
        }
        // ask before the claim: an aborted claim would cross the wire as padding
        if (!round.isBallotReady(chunk) || !writer.tryClaim(peer.member(), geometry.payloadLength(chunk))) {
            return 0;
        }
        boolean isFilled = false;
        try {
            round.fillBallot(chunk, writer.payloadAddress());
            isFilled = true;
        } finally {
            if (!isFilled) {
                writer.abort();
            }
        }
        writer.send(DataFrame.BALLOT, round, chunk, geometry.coordinates(chunk), round.check());
        ballotsSent++;
        return 1;
    }

    private boolean isShortOf(final int credit) {
        return round.isAnswered() && ballotsSent - verdictsHeld >= credit;
    }

    /**
     * Announces this tallier, once, to a member that casts to us and gets no ballot of ours.
     *
     * @return reports sent.
     */
    int announce() {
        final boolean isDue =
                castsHere && round.tallier().share().chunkCount() > 0 && !(isCastTo && chunkCount > 0) && peer.isRank();
        if (verdictsReported >= 0 || !isDue || !writer.sendReport(peer.member(), round, 0)) {
            return 0;
        }
        peer.onTold(round.pacing().credit());
        verdictsReported = 0;
        return 1;
    }

    /**
     * Reports to the member how many of its verdicts we hold, if a report is due.
     *
     * @return reports sent.
     */
    int report() {
        if (!peer.isRank() || !isReportDue() || !writer.sendReport(peer.member(), round, verdictsHeld)) {
            return 0;
        }
        peer.onTold(round.pacing().credit());
        verdictsReported = verdictsHeld;
        return 1;
    }

    /**
     * The member obeys the credit that it last received. If that is less than the current credit, it needs a report
     * sooner.
     */
    private boolean isReportDue() {
        final boolean isEdge = verdictsReported < 0 || hasAllVerdicts();
        final int credit = Math.min(peer.creditTold(), round.pacing().credit());
        return verdictsHeld - verdictsReported >= (isEdge ? 1 : Math.max(1, credit / 2));
    }

    // receiving

    Fate onBallot(final DataFrameDecoder header, final long payload, final int payloadLength) {
        final Tallier tallier = round.tallier();
        final int index = ballotsReceived;
        if (!castsHere || !tallier.isOpen(index) || !tallier.share().isAt(index, header, payloadLength)) {
            return dropped(tallier.share(), index, header);
        }
        if (!tallier.isTurn(index, peer.member())) {
            return Fate.LEFT;
        }
        if (header.ballots() != round.check()) {
            return round.check() == 0 ? Fate.MALFORMED : Fate.OF_OTHER_RESULT;
        }
        ballotsReceived++;
        tallier.add(index, peer.member(), header.chunk(), payload);
        round.flow().onBallot(payloadLength);
        return Fate.TAKEN;
    }

    Fate onVerdict(final DataFrameDecoder header, final long payload, final int payloadLength) {
        final int index = verdictsHeld;
        final boolean isNext =
                wantsHere ? share.isAt(index, header, payloadLength) : share.isFrom(index, header, payloadLength);
        if (header.ballots() != round.ballots() || !isNext || !round.isAnswered()) {
            return dropped(share, index, header);
        }
        if (wantsHere) {
            Copies.copy(payload, round.address(header.chunk()), payloadLength);
            if (round.call().payloadType() == DataType.SIGN) {
                Words.clearTail(round.address(header.chunk()), header.coordinates());
            }
        }
        verdictsHeld = share.index(header) + 1;
        peer.onGranted(header.credit(), round.cap());
        round.flow().onVerdict(payloadLength);
        return Fate.TAKEN;
    }

    /** The member reports how many verdicts of ours it holds. */
    Fate onReport(final DataFrameDecoder header) {
        final int held = header.chunk();
        if (held < 0 || held > verdictsSent) {
            return Fate.MALFORMED;
        }
        if (held <= verdictsAcknowledged) {
            return Fate.REPEATED;
        }
        verdictsAcknowledged = held;
        peer.onGranted(header.credit(), round.cap());
        return Fate.TAKEN;
    }

    private static Fate dropped(final Share share, final int index, final DataFrameDecoder header) {
        return share.isBefore(index, header) ? Fate.REPEATED : Fate.MALFORMED;
    }
}
