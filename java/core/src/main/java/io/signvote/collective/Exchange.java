package io.signvote.collective;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.transport.Transport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NanoClock;

/** The state of the round that is running: what {@link Sender} and {@link Receiver} work on. */
final class Exchange implements AutoCloseable {
    static final int MAX_CREDIT = 256;

    enum Phase {
        IDLE,
        RUNNING,
        LEAVING
    }

    final Transport transport;
    final RoundSettings settings;
    final Pacing pacing;
    final Chunking chunking = new Chunking();

    /** The right neighbour first, ourselves last, so that no receiver is hit by all at once. */
    final Link[] links;

    final Link own;

    Phase phase = Phase.IDLE;
    long number;
    Call call = new Call();
    Plan plan;
    BallotSource source;

    /** Chunks of ours that have all their ballots; they close in order. */
    int closed;

    /** Most chunks of ours that are open at once, a power of two. */
    int window;

    /** Most credit in this round: what all senders may have open towards one receiver fits its buffer. */
    int cap;

    private final Tally votes;
    private final Tally sums;
    private Tally tally;
    private OffHeap result = new OffHeap(0);

    Exchange(final Transport transport, final Kernels kernels, final NanoClock clock, final RoundSettings settings) {
        this.transport = transport;
        this.settings = settings;
        plan = settings.plan();
        pacing = new Pacing(clock, settings.fixedCredit());
        votes = new VoteTally(kernels, settings.seed(), settings.communicator());
        sums = new SumTally(kernels);
        tally = votes;

        final int members = transport.size();
        final int initial = settings.fixedCredit() > 0 ? settings.fixedCredit() : Pacing.INITIAL;
        links = new Link[members];
        for (int i = 0; i < members; i++) {
            links[i] = new Link((transport.rank() + 1 + i) % members, initial);
        }
        own = links[members - 1];
    }

    void begin(final Call call, final BallotSource source) {
        this.call = call;
        this.source = source;
        plan = call.operation() == Operation.BROADCAST ? rooted(call.root()) : settings.plan();
        tally = call.payloadType() == DataType.SIGN && !plan.isOneWay() ? votes : sums;
        chunking.set(
                call.payloadType(),
                call.count(),
                settings.ranks(),
                transport.maxFrameLength() - DataFrame.HEADER_LENGTH);
        cap = cap();
        number++;
        closed = 0;
        for (final Link link : links) {
            link.begin(plan, number, chunking.chunkCount());
            link.credit = Math.min(link.credit, cap);
        }
        window = BitUtil.findNextPositivePowerOfTwo(Math.max(1, Math.min(cap, own.chunkCount)));
        result = Memory.atLeast(result, chunking.resultLength());
        if (own.chunkCount > 0) {
            tally.begin(call, chunking, plan.ballots(), window, result.address());
        }
        pacing.beginRound(cap, plan.ballots() - 1, transport.nakCount());
        phase = Phase.RUNNING;
    }

    /** The chunk that stands at a cursor over a member's chunks. */
    int chunk(final Link tallier, final int index) {
        return tallier.firstChunk + index * plan.stride();
    }

    /** Where a chunk lies in the result. */
    long place(final int chunk) {
        return result.address() + chunking.offset(chunk);
    }

    long result() {
        return result.address();
    }

    Tally tally() {
        return tally;
    }

    void add(final int index, final int chunk, final long ballot) {
        if (tally.add(index, chunk, ballot)) {
            closed++;
        }
    }

    Link linkTo(final int member) {
        return links[Math.floorMod(member - transport.rank() - 1, links.length)];
    }

    boolean casts() {
        return plan.casts(transport.rank());
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

    /** Whether we hold all of the result and owe nobody anything. */
    boolean isComplete() {
        if (closed < own.chunkCount) {
            return false;
        }
        final boolean casts = casts();
        final boolean wantsResult = !isServer();
        for (final Link link : links) {
            if (link != own && !isComplete(link, casts, wantsResult)) {
                return false;
            }
        }
        return true;
    }

    private boolean isComplete(final Link link, final boolean casts, final boolean wantsResult) {
        final boolean isCast = !casts || link.cast == link.chunkCount;
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

    @Override
    public void close() {
        CloseHelper.closeAll(votes, sums, result);
    }

    private Plan rooted(final int root) {
        final boolean isSame = plan instanceof Plan.Rooted && ((Plan.Rooted) plan).root() == root;
        return isSame ? plan : new Plan.Rooted(root);
    }

    private int cap() {
        final long frameLength = DataFrame.HEADER_LENGTH + chunking.maxPayloadLength();
        final long fitting = transport.receiveWindowLength() / (frameLength * Math.max(1, plan.inboundStreams()));
        return (int) Math.max(1, Math.min(MAX_CREDIT, fitting));
    }
}
