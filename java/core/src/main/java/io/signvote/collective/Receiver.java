package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.collective.Round.Phase;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.FrameHandler;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.sbe.DataFrameDecoder;
import org.agrona.DirectBuffer;

/** Takes frames in. Every field is checked before use; what cannot be is counted and dropped. */
final class Receiver implements FrameHandler {
    private final Round round;
    private final Membership membership;
    private final DataFrame frame;
    private final FrameCounters counters = new FrameCounters();
    private final Call theirs = new Call();

    Receiver(final Round round, final Membership membership, final DataFrame frame) {
        this.round = round;
        this.membership = membership;
        this.frame = frame;
    }

    FrameCounters counters() {
        return counters;
    }

    @Override
    public boolean onFrame(final int peer, final DirectBuffer buffer, final int offset, final int length) {
        final DataFrameDecoder header = frame.read(buffer, offset, length);
        final Round x = round;
        final Link link = x.linkTo(peer);
        // our own ballot never crosses a link: a frame of ours would be a second one
        if (header == null || link == x.own) {
            return drop();
        }
        final long roundId = header.round();
        if (header.kind() == DataFrame.BYE) {
            return length == DataFrame.HEADER_LENGTH ? onBye(link, roundId) : drop();
        }
        if (x.phase == Phase.IDLE && x.isServer() && roundId > x.number && !adopt(header)) {
            return drop();
        }
        if (roundId > x.number) {
            return false;
        }
        if (roundId < x.number || x.phase == Phase.IDLE) {
            counters.onStale();
            return true;
        }
        if (x.phase == Phase.LEAVING) {
            failLeft(x.own.member, x.calls, peer, Call.describe(header));
        }
        if (!x.call.matches(header)) {
            failMismatch(peer, Call.describe(header));
        }
        final long payload = buffer.addressOffset() + offset + DataFrame.HEADER_LENGTH;
        final int payloadLength = length - DataFrame.HEADER_LENGTH;
        return switch (header.kind()) {
            case DataFrame.BALLOT -> onBallot(link, header, payload, payloadLength);
            case DataFrame.VERDICT -> onVerdict(link, header, payload, payloadLength);
            case DataFrame.CREDIT -> payloadLength == 0 ? onCredit(link, header) : drop();
            default -> drop();
        };
    }

    private boolean onBallot(
            final Link link, final DataFrameDecoder header, final long payload, final int payloadLength) {
        final Round x = round;
        final int index = link.received;
        if (!x.plan.casts(link.member, x.own.member)
                || index >= x.closed + x.window
                || !isExpected(x.own, index, header, payloadLength)) {
            return drop(header, x.own, index);
        }
        if (!x.tally().isTurn(index, link.member)) {
            return false;
        }
        link.received++;
        x.add(index, header.chunk(), payload);
        x.pacing.onFrame(payloadLength, x.credit());
        return true;
    }

    private boolean onVerdict(
            final Link link, final DataFrameDecoder header, final long payload, final int payloadLength) {
        final Round x = round;
        final int index = link.decided;
        if (header.ballots() != x.plan.ballots() || !isExpected(link, index, header, payloadLength)) {
            return drop(header, link, index);
        }
        Copies.copy(payload, x.place(header.chunk()), payloadLength);
        link.decided++;
        x.setCredit(link, header.credit());
        if (x.plan.isOneWay()) {
            x.pacing.onFrame(payloadLength, x.pacing.credit());
        }
        return true;
    }

    private boolean onCredit(final Link link, final DataFrameDecoder header) {
        final int held = header.chunk();
        if (!round.plan.isOneWay() || held < 0 || held > link.answered) {
            return drop();
        }
        if (held <= link.acknowledged) {
            counters.onRepeated();
            return true;
        }
        link.acknowledged = held;
        round.setCredit(link, header.credit());
        return true;
    }

    private boolean onBye(final Link link, final long roundId) {
        final boolean isRunning = round.phase == Phase.RUNNING;
        // a server does not count calls: the ranks that wait in the round get this too, and tell
        if (isRunning && roundId == round.number && !round.isServer()) {
            failLeft(link.member, round.calls - 1, round.own.member, round.call.toString());
        }
        if (isRunning && roundId > round.number) {
            return false;
        }
        link.hasLeft = true;
        return true;
    }

    /** A server learns of a round from the first frame of it. */
    private boolean adopt(final DataFrameDecoder header) {
        if (header.kind() != DataFrame.BALLOT
                || !theirs.read(header)
                || theirs.operation().isOneWay()) {
            return false;
        }
        round.number = header.round() - 1;
        round.begin(theirs, null, null);
        return true;
    }

    /** Whether a frame is the one that stands at the cursor over a tallier's chunks, with the length it must have. */
    private boolean isExpected(
            final Link tallier, final int index, final DataFrameDecoder header, final int payloadLength) {
        final int chunk = round.chunk(tallier, index);
        return index < tallier.chunkCount
                && header.chunk() == chunk
                && header.coordinates() == round.geometry.coordinates(chunk)
                && payloadLength == round.geometry.payloadLength(chunk);
    }

    private boolean drop(final DataFrameDecoder header, final Link tallier, final int index) {
        final int ahead = header.chunk() - tallier.firstChunk;
        final int stride = round.plan.stride();
        if (tallier.chunkCount > 0 && ahead >= 0 && ahead % stride == 0 && ahead / stride < index) {
            counters.onRepeated();
            return true;
        }
        return drop();
    }

    private boolean drop() {
        counters.onMalformed();
        return true;
    }

    private void failMismatch(final int peer, final String theirs) {
        final String us =
                round.isServer() ? "the server was first told of " : "rank " + round.transport.rank() + " calls ";
        fail(peer, us + round.call + ", rank " + peer + " calls " + theirs + ", make every rank call the same");
    }

    /** The rank that closes made fewer calls than the rank that still calls. The round number tells both how many. */
    private void failLeft(final int left, final long calls, final int caller, final String call) {
        final int peer = left == round.own.member ? caller : left;
        fail(
                peer,
                "rank " + left + " called close() after " + calls + (calls == 1 ? " call" : " calls") + ", rank "
                        + caller + " is in call " + (calls + 1) + ", " + call
                        + ": every rank must make the same calls; to skip a step or stop early, let all ranks decide by"
                        + " allTrue or anyTrue; if the program of rank " + left + " failed, see its output");
    }

    private void fail(final int peer, final String message) {
        throw Failures.fail(
                membership, new Failure(Failure.Kind.MISMATCH, peer, "round=" + round.number + ": " + message));
    }
}
