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
        if (round.phase == Phase.IDLE && round.isServer() && roundId > round.roundId() && !adopt(header)) {
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
                    case DataFrame.BALLOT -> link.onBallot(header, payload, payloadLength);
                    case DataFrame.VERDICT -> link.onVerdict(header, payload, payloadLength);
                    case DataFrame.CREDIT -> onReport(link, header, payloadLength);
                    default -> Fate.MALFORMED;
                });
    }

    private Fate onReport(final Link link, final DataFrameDecoder header, final int payloadLength) {
        return payloadLength == 0 && round.flow().hasReports() ? link.onReport(header) : Fate.MALFORMED;
    }

    private boolean onBye(final Peer peer, final long roundId) {
        final boolean isRunning = round.phase == Phase.RUNNING;
        // a server does not count calls: the ranks that wait in the round see this too, and report it
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

    /** A server learns of a round from the first frame of it. */
    private boolean adopt(final DataFrameDecoder header) {
        if (header.kind() != DataFrame.BALLOT
                || !theirs.read(header)
                || theirs.operation().isOneWay()) {
            return false;
        }
        round.adopt(theirs, header.round());
        return true;
    }

    /** Counts a frame that is dropped. Returns whether the frame is done with. */
    private boolean count(final Fate fate) {
        if (fate == Fate.REPEATED) {
            counters.onRepeated();
        } else if (fate == Fate.MALFORMED) {
            counters.onMalformed();
        }
        return fate != Fate.LEFT;
    }

    private void failMismatch(final int peer, final DataFrameDecoder header) {
        final String us = round.isServer() ? "the server was first told of " : "rank " + round.member() + " calls ";
        // a server only passes on what another rank calls
        final List<Integer> ranks = round.isServer() ? List.of(peer) : List.of(round.member(), peer);
        fail(
                ranks,
                us + round.call() + ", rank " + peer + " calls " + Call.describe(header)
                        + ", make every rank call the same" + round.call().explain(header));
    }

    /** The rank that closes made fewer calls than the rank that still calls. The id of the round tells both how many. */
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
