package io.signvote.collective;

import io.signvote.collective.Round.Phase;
import io.signvote.rendezvous.Failure;
import io.signvote.transport.FrameHandler;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.util.List;
import org.agrona.DirectBuffer;

/** Receives frames. Every field is checked before use. A frame with an impossible value is counted and dropped. */
final class Receiver implements FrameHandler {
    private final Round round;
    private final Latch latch;
    private final DataFrame frame;
    private final FrameCounters counters = new FrameCounters();
    private final Call theirs = new Call();

    // of a server: the rank whose ballot began the round, and the id of the round before
    private int teller;
    private long roundIdBefore;

    Receiver(final Round round, final Latch latch, final DataFrame frame) {
        this.round = round;
        this.latch = latch;
        this.frame = frame;
    }

    FrameCounters counters() {
        return counters;
    }

    @Override
    public boolean onFrame(final int peer, final DirectBuffer buffer, final int offset, final int length) {
        final DataFrameDecoder header = frame.read(buffer, offset, length);
        final Link link = round.linkTo(peer);
        // our own ballot never crosses a link: a frame of ours would be a second one
        if (header == null || link == null) {
            return count(Fate.MALFORMED);
        }
        final int payloadLength = length - DataFrame.HEADER_LENGTH;
        final long roundId = header.round();
        if (header.kind() == DataFrame.BYE) {
            return payloadLength == 0 ? onBye(link.peer(), roundId) : count(Fate.MALFORMED);
        }
        if (round.phase == Phase.RUNNING && round.isServer()) {
            ensureSameRound(link, header);
        }
        if (round.phase == Phase.IDLE && round.isServer() && roundId > round.roundId() && !adopt(peer, header)) {
            return count(Fate.MALFORMED);
        }
        if (roundId > round.roundId()) {
            return false;
        }
        if (roundId < round.roundId() || round.phase == Phase.IDLE) {
            counters.onStale();
            return true;
        }
        if (round.phase == Phase.LEAVING) {
            failLeft(round.member(), round.calls(), peer, Call.describe(header));
        }
        if (!round.call().matches(header)) {
            failMismatch(peer, header);
        }
        final long payload = buffer.addressOffset() + offset + DataFrame.HEADER_LENGTH;
        return count(
                switch (header.kind()) {
                    case DataFrame.BALLOT -> onBallot(link, header, payload, payloadLength);
                    case DataFrame.VERDICT -> link.onVerdict(header, payload, payloadLength);
                    case DataFrame.CREDIT -> onReport(link, header, payloadLength);
                    default -> Fate.MALFORMED;
                });
    }

    private Fate onBallot(final Link link, final DataFrameDecoder header, final long payload, final int payloadLength) {
        final Fate fate = link.onBallot(header, payload, payloadLength);
        if (fate == Fate.OF_OTHER_RESULT) {
            failResults(link.peer().member());
        }
        return fate;
    }

    private Fate onReport(final Link link, final DataFrameDecoder header, final int payloadLength) {
        return payloadLength == 0 && round.flow().hasReports() ? link.onReport(header) : Fate.MALFORMED;
    }

    private boolean onBye(final Peer peer, final long roundId) {
        final boolean isRunning = round.phase == Phase.RUNNING;
        // a server does not count calls: the ranks that wait in the round detect and report this too
        if (isRunning && roundId == round.roundId() && !round.isServer()) {
            failLeft(
                    peer.member(),
                    round.calls() - 1,
                    round.member(),
                    round.call().toString());
        }
        if (isRunning && roundId > round.roundId()) {
            return false;
        }
        peer.onGoodbye();
        return true;
    }

    /** A server begins a round when the first frame of the round arrives. */
    private boolean adopt(final int peer, final DataFrameDecoder header) {
        if (!isBallotForServer(header)) {
            return false;
        }
        roundIdBefore = round.roundId();
        teller = peer;
        round.adopt(theirs, header.round());
        return true;
    }

    private boolean isBallotForServer(final DataFrameDecoder header) {
        return header.kind() == DataFrame.BALLOT
                && theirs.read(header)
                && theirs.collective().hasServer()
                && theirs.root() >= 0
                && theirs.root() < round.settings.ranks();
    }

    /**
     * Fails a server if ranks cast ballots in different rounds. Every rank casts ballots in each round of a server, and begins the next
     * round when it has the verdicts. So one of the two ranks is wrong. Otherwise the server would wait until its deadline.
     */
    private void ensureSameRound(final Link link, final DataFrameDecoder header) {
        final long roundId = header.round();
        final boolean isSkipped = roundId > round.roundId() && !link.hasCastAll();
        final boolean isOther = isSkipped || roundId > roundIdBefore && roundId < round.roundId();
        if (isOther && isBallotForServer(header)) {
            final int peer = link.peer().member();
            fail(
                    List.of(teller, peer),
                    "rank " + teller + " casts ballots in round " + round.roundId() + ", rank " + peer
                            + " casts ballots in round " + roundId + ", and neither can skip a round of the server:"
                            + " check the program and the host of both");
        }
    }

    /** Counts a frame if it is dropped. Returns false if the frame stays in the log. */
    private boolean count(final Fate fate) {
        if (fate == Fate.REPEATED) {
            counters.onRepeated();
        } else if (fate == Fate.MALFORMED) {
            counters.onMalformed();
        }
        return fate != Fate.LEFT;
    }

    private void failMismatch(final int peer, final DataFrameDecoder header) {
        // a server makes no calls: the first rank of the round is the other party
        final int other = round.isServer() ? teller : round.member();
        final String us =
                round.isServer() ? "the server first received from rank " + teller + " " : "rank " + other + " calls ";
        fail(
                List.of(other, peer),
                us + round.call() + ", rank " + peer + " calls " + Call.describe(header)
                        + ", make every rank call the same" + round.call().explain(header));
    }

    private void failResults(final int peer) {
        fail(
                List.of(round.member(), peer),
                "ranks " + round.member() + " and " + peer + " hold different results of round "
                        + round.checkedRoundId()
                        + ", in which every rank counts the ballots itself: a rank has sent different ballots, or a host has"
                        + " faulty memory; go on from a saved state, and check the hosts");
    }

    /**
     * The rank that closes made fewer calls than the rank that still calls. Both are in the same round, so both know
     * the number of calls.
     */
    private void failLeft(final int left, final long calls, final int caller, final String call) {
        fail(
                List.of(left),
                "rank " + left + " called close() after " + calls + (calls == 1 ? " call" : " calls") + ", rank "
                        + caller + " is in call " + (calls + 1) + ", " + call
                        + ": every rank must make the same calls; to skip a step or stop early, let all ranks decide by"
                        + " allTrue or anyTrue; if the program of rank " + left + " failed, see its output");
    }

    private void fail(final List<Integer> ranks, final String message) {
        throw latch.fail(new Failure(Failure.Kind.MISMATCH, ranks, "round=" + round.roundId() + ": " + message));
    }
}
