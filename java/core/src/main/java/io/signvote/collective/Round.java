package io.signvote.collective;

import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.transport.Endpoint;
import io.signvote.transport.Transport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NanoClock;

/** The state of the round that is running: what {@link Sender} and {@link Receiver} work on. */
final class Round implements AutoCloseable {
    enum Phase {
        IDLE,
        RUNNING,
        LEAVING
    }

    final Transport transport;
    final RoundSettings settings;
    /** The right neighbour first, ourselves last, so that no receiver is hit by all at once. */
    final Link[] links;

    final Link own;

    Phase phase = Phase.IDLE;
    long number;

    /** Calls that were begun: as rounds, but an all-gather is one call of two. */
    long calls;

    Call call = new Call();
    Plan plan;
    Geometry geometry;
    BallotSource source;
    Pacing pacing;

    /** The least that anyone grants, as far as the caps of rounds let us see: small calls do not change it. */
    private int agreedCredit;

    /** Chunks of ours that have all their ballots; they close in order. */
    int closed;

    /** Most chunks of ours that are open at once, a power of two. */
    int window;

    /** Most credit in this round: what all senders may have open towards one receiver fits its buffer. */
    int cap;

    private final Chunking chunking = new Chunking();
    private final PartChunking partChunking;

    /** Plan of broadcasts from each root, made when first needed. */
    private final Plan[] rooted;

    private final Plan owned;
    private final Pacing pacingOfVotes;
    private final Pacing pacingOfBroadcasts;
    private final Pacing pacingOfGathers;

    /** One small frame of each rank says nothing of the network. */
    private final Pacing pacingOfLengths;

    private final Tally votes;
    private final Tally sums;
    private Tally tally;
    private OffHeap result = new OffHeap(0);

    Round(final Transport transport, final Kernels kernels, final NanoClock clock, final RoundSettings settings) {
        if (transport.maxFrameLength() < Endpoint.MIN_FRAME_LENGTH) {
            throw new ConfigurationException("maxFrameLength=" + transport.maxFrameLength() + ", expected at least "
                    + Endpoint.MIN_FRAME_LENGTH + ": a frame would have no room for payload");
        }
        this.transport = transport;
        this.settings = settings;
        plan = settings.plan();
        geometry = chunking;
        rooted = new Plan[settings.ranks()];
        partChunking = new PartChunking(settings.ranks());
        owned = new Owned(partChunking, settings.ranks());
        pacingOfVotes = new Pacing(clock, transport::nakCount, settings.fixedCredit());
        pacingOfBroadcasts = new Pacing(clock, transport::nakCount, settings.fixedCredit());
        pacingOfGathers = new Pacing(clock, transport::nakCount, settings.fixedCredit());
        pacingOfLengths = new Pacing(
                clock, transport::nakCount, settings.fixedCredit() > 0 ? settings.fixedCredit() : Pacing.INITIAL);
        pacing = pacingOfVotes;
        agreedCredit = pacing.credit();
        votes = new VoteTally(kernels, settings.seed(), settings.communicator());
        sums = new SumTally(kernels);
        tally = votes;

        final int members = transport.size();
        links = new Link[members];
        for (int i = 0; i < members; i++) {
            links[i] = new Link((transport.rank() + 1 + i) % members);
        }
        own = links[members - 1];
    }

    void begin(final Call call, final BallotSource source, final Parts parts) {
        this.call = call;
        this.source = source;
        arrange(parts);
        tally = call.payloadType() == DataType.SIGN && !plan.isOneWay() ? votes : sums;
        cap = cap(plan, geometry, transport.receiveWindowLength());
        closed = 0;
        pacing.beginRound(cap, plan.senders(), plan.leads(transport.rank()));
        final int initialCredit = plan.isOneWay() ? Math.min(Pacing.INITIAL, cap) : credit();
        for (final Link link : links) {
            link.begin(plan, number + 1, geometry.chunkCount());
            link.credit = initialCredit;
            link.told = initialCredit;
        }
        window = BitUtil.findNextPositivePowerOfTwo(Math.max(1, Math.min(cap, own.chunkCount)));
        result = result.atLeast(geometry.resultLength());
        if (own.chunkCount > 0) {
            tally.begin(call, geometry, plan.ballots(), window, result.address());
        }
        // last: where memory ran out above, this round was never begun
        number++;
        calls += call.operation() == Operation.ALL_GATHER ? 0 : 1;
        phase = Phase.RUNNING;
    }

    /** The chunk that stands at a cursor over a member's chunks. */
    int chunk(final Link tallier, final int index) {
        return tallier.firstChunk + index * plan.stride();
    }

    /** Where a chunk lies in the result. */
    long place(final int chunk) {
        return result.address() + geometry.offset(chunk);
    }

    long result() {
        return result.address();
    }

    Tally tally() {
        return tally;
    }

    /** Coordinates tied in the chunks that we tally in this round. */
    long ties() {
        return own.chunkCount == 0 ? 0 : tally.ties();
    }

    void add(final int index, final int chunk, final long ballot) {
        if (tally.add(index, chunk, ballot)) {
            closed++;
        }
    }

    Link linkTo(final int member) {
        return links[Math.floorMod(member - transport.rank() - 1, links.length)];
    }

    /** Whether we cast a ballot for each chunk of a member. */
    boolean casts(final Link link) {
        return plan.casts(transport.rank(), link.member);
    }

    boolean isServer() {
        return transport.rank() >= settings.ranks();
    }

    /** Whether a member wants results: every rank does, a server does not. */
    boolean isReceiver(final Link link) {
        return link != own && link.member < settings.ranks();
    }

    void setCredit(final Link link, final int credit) {
        link.credit = Math.max(1, Math.min(credit, cap));
    }

    /** In a vote, finds the least credit that any tallier grants. */
    void agreeOnCredit() {
        int least = own.chunkCount > 0 ? pacing.credit() : Pacing.MOST;
        for (final Link link : links) {
            if (link != own && link.chunkCount > 0) {
                least = Math.min(least, link.credit);
            }
        }
        if (least < cap) {
            agreedCredit = least;
        } else {
            agreedCredit = Math.max(agreedCredit, cap);
        }
    }

    /** Frames that we may have open towards any tallier: what is agreed, within the cap of the round. */
    int credit() {
        return Math.min(agreedCredit, cap);
    }

    /**
     * Frames that were sent or accepted in this round, and chunks that were closed: grows with every step towards its end, and with
     * nothing else. Counted when asked for, from the cursors, so that a frame pays nothing for it.
     */
    long moves() {
        long moves = closed;
        for (final Link link : links) {
            moves += link.moves();
        }
        return moves;
    }

    /** Whether we hold all of the result and owe nobody anything. */
    boolean isComplete() {
        if (closed < own.chunkCount) {
            return false;
        }
        final boolean wantsResult = !isServer();
        for (final Link link : links) {
            if (link != own && !isComplete(link, wantsResult)) {
                return false;
            }
        }
        return true;
    }

    private boolean isComplete(final Link link, final boolean wantsResult) {
        final boolean isCast = !casts(link) || link.cast == link.chunkCount;
        final boolean isDecided = !wantsResult || link.decided == link.chunkCount;
        final boolean isAnswered = !isReceiver(link) || link.answered == closed;
        final boolean isAcknowledged =
                !plan.isOneWay() || !isReceiver(link) || own.chunkCount == 0 || link.acknowledged == closed;
        final boolean isReported = !plan.isOneWay() || link.chunkCount == 0 || link.reported == link.decided;
        return isCast && isDecided && isAnswered && isAcknowledged && isReported;
    }

    /** Whether every member but us has said goodbye. */
    boolean isDeserted() {
        for (final Link link : links) {
            if (link != own && !link.hasLeft) {
                return false;
            }
        }
        return true;
    }

    /** Bytes outside the heap of tallies and result: what a rank holds beside the caller's memory. */
    long memoryLength() {
        return votes.memoryLength() + sums.memoryLength() + result.length();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(votes, sums, result);
    }

    /** Chooses chunks, plan and pace for the call. */
    private void arrange(final Parts parts) {
        final int maxPayloadLength = transport.maxFrameLength() - DataFrame.HEADER_LENGTH;
        if (call.operation().isGather()) {
            partChunking.set(parts, maxPayloadLength);
            geometry = partChunking;
            plan = owned;
            pacing = call.operation() == Operation.LENGTHS ? pacingOfLengths : pacingOfGathers;
        } else {
            chunking.set(call.payloadType(), call.count(), settings.ranks(), maxPayloadLength);
            geometry = chunking;
            plan = call.operation() == Operation.BROADCAST ? rooted(call.root()) : settings.plan();
            pacing = plan.isOneWay() ? pacingOfBroadcasts : pacingOfVotes;
        }
    }

    private Plan rooted(final int root) {
        if (rooted[root] == null) {
            rooted[root] = new Plan.Rooted(root);
        }
        return rooted[root];
    }

    /**
     * Most credit of a round, the same on all members.
     *
     * @param receiveWindowLength bytes that all senders together may have open towards one receiver.
     */
    static int cap(final Plan plan, final Geometry geometry, final int receiveWindowLength) {
        final long frameLength = DataFrame.HEADER_LENGTH + geometry.maxPayloadLength();
        final long fitting = receiveWindowLength / (frameLength * Math.max(1, plan.inboundStreams()));
        // chunks that may be open at once so that their planes take no more than half a byte for each coordinate of the
        // call
        final int planes = Integer.SIZE - Integer.numberOfLeadingZeros(plan.ballots());
        final long affordable = Long.highestOneBit(4L * geometry.chunkCount() / planes);
        return (int) Math.max(1, Math.min(Pacing.MOST, Math.min(fitting, affordable)));
    }
}
