package io.signvote.collective;

import io.signvote.bits.Copies;
import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.rendezvous.Failure;
import io.signvote.transport.Endpoint;
import io.signvote.transport.Transport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import io.signvote.wire.DataFrame;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NanoClock;

/**
 * One round: its call, the chunks of the call, the plan, and a {@link Link} to every other member. One object serves
 * all rounds. A call that is no larger than an earlier one allocates nothing.
 */
final class Round implements AutoCloseable {
    enum Phase {
        IDLE,
        RUNNING,
        LEAVING
    }

    final Transport transport;
    final RoundSettings settings;
    Phase phase = Phase.IDLE;

    /** Links in ring order, the right neighbour first: members do not all send to the same receiver at once. */
    private final Link[] links;

    private final FrameWriter writer;
    private final Tallier tallier;
    private final VoteFlow voteFlow;
    private final VoteFlow blockFlow;
    private final OneWayFlow oneWayFlow;
    private final Chunking chunking = new Chunking();
    private final ShardChunking shardChunking;

    private final BlockChunking blockChunking = new BlockChunking();
    private final Plans plans;
    private final Pacing pacingOfVotes;
    private final Pacing pacingOfBlocks;
    private final Pacing pacingOfBroadcasts;
    private final Pacing pacingOfGathers;

    /** For the LENGTHS round. One small frame of each rank measures nothing, so its credit is fixed. */
    private final Pacing pacingOfLengths;

    private final Tally votes;
    private final Tally folds;
    private final Tally gathers;

    private long roundId;
    private long calls;
    private final Call call = new Call();
    private BallotSource source;
    private boolean isOffered;
    private Plan plan;
    private Geometry geometry;
    private Pacing pacing;
    private Flow flow;
    private int ballots;
    private int cap;
    private boolean isAnswered;

    /** Hash of the result of a replicated round that no ballot has carried yet, else 0; and the id of that round. Nobody reads a barrier's. */
    private int check;

    private long checkedRoundId;
    private OffHeap result = new OffHeap(0);

    /** Our ballots of a replicated round. */
    private OffHeap ownBallots = new OffHeap(0);

    /** Number of chunks whose ballots are there. */
    private int filled;

    /** The result of the previous round, while its caller still reads it. */
    private OffHeap kept = new OffHeap(0);

    Round(final Transport transport, final Kernels kernels, final NanoClock clock, final RoundSettings settings) {
        if (transport.maxFrameLength() < Endpoint.MIN_FRAME_LENGTH) {
            throw new ConfigurationException("maxFrameLength=" + transport.maxFrameLength() + ", expected at least "
                    + Endpoint.MIN_FRAME_LENGTH + ": a frame would have no room for payload");
        }
        this.transport = transport;
        this.settings = settings;
        shardChunking = new ShardChunking(settings.ranks());
        plans = new Plans(settings.ranks(), settings.plan(), shardChunking);
        final int credit = settings.fixedCredit();
        pacingOfVotes = new Pacing(clock, transport::nakCount, credit);
        pacingOfBlocks = new Pacing(clock, transport::nakCount, credit);
        pacingOfBroadcasts = new Pacing(clock, transport::nakCount, credit);
        pacingOfGathers = new Pacing(clock, transport::nakCount, credit);
        pacingOfLengths = new Pacing(clock, transport::nakCount, credit > 0 ? credit : Pacing.INITIAL);
        votes = new VoteTally(kernels, settings.seed(), settings.communicator());
        folds = new FoldTally(kernels);
        gathers = new GatherTally(transport.rank());

        tallier = new Tallier(this, transport.rank());
        voteFlow = new VoteFlow(this, pacingOfVotes.credit(), false);
        blockFlow = new VoteFlow(this, pacingOfBlocks.credit(), true);
        oneWayFlow = new OneWayFlow(this);
        plan = settings.plan();
        geometry = chunking;
        pacing = pacingOfVotes;
        flow = voteFlow;

        writer = new FrameWriter(transport, new DataFrame(settings.sessionKey(), settings.view()));
        links = new Link[transport.size() - 1];
        for (int i = 0; i < links.length; i++) {
            final int member = (transport.rank() + 1 + i) % transport.size();
            links[i] = new Link(this, new Peer(member, member < settings.ranks()), writer);
        }
    }

    // control plane

    /** Stores a call and its source. If its round then does not begin, {@link #explained} can still describe its options. */
    void offer(final Call call, final BallotSource source) {
        this.call.copy(call);
        this.source = source;
        isOffered = true;
    }

    void begin(final Call call, final BallotSource source, final Shards shards, final boolean keepsResult) {
        begin(call, source, shards, keepsResult, roundId + 1);
    }

    /** Begins a round that ranks have begun: a server makes no calls itself. */
    void adopt(final Call call, final long roundId) {
        begin(call, null, null, false, roundId);
    }

    private void begin(
            final Call call,
            final BallotSource source,
            final Shards shards,
            final boolean keepsResult,
            final long roundId) {
        offer(call, source);
        arrange(shards);
        ballots = plan.ballots();
        cap = cap(plan, geometry, transport.receiveWindowLength());
        pacing.beginRound(cap, plan.senders(), plan.leads(member()));
        isAnswered = !plan.isReplicated() || geometry.chunkCount() > Math.min(cap, Pacing.INITIAL);
        final int credit = flow.firstCredit();
        final int reports = flow.firstReport();
        for (final Link link : links) {
            link.begin(plan, roundId, geometry, reports);
            link.peer().onRound(credit);
        }
        if (keepsResult) {
            final OffHeap before = result;
            result = kept;
            kept = before;
        }
        result = result.atLeast(holdsResult(roundId) ? geometry.resultLength() : 0);
        if (plan.isReplicated()) {
            ownBallots = ownBallots.atLeast(geometry.resultLength());
        }
        filled = 0;
        tallier.begin(plan, roundId, geometry, tally());
        // set last: if memory ran out above, this round was never begun
        this.roundId = roundId;
        calls += call.collective() == Collective.ALL_GATHER_V ? 0 : 1;
        phase = Phase.RUNNING;
        isOffered = false;
    }

    /** Chooses chunks, plan, flow and pace for the call. */
    private void arrange(final Shards shards) {
        final Collective collective = call.collective();
        final int maxPayloadLength = transport.maxFrameLength() - DataFrame.HEADER_LENGTH;
        plan = plans.of(call);
        if (collective.isShards()) {
            shardChunking.set(shards, maxPayloadLength);
            geometry = shardChunking;
            pacing = collective == Collective.LENGTHS ? pacingOfLengths : pacingOfGathers;
        } else if (collective.isInBlocks()) {
            blockChunking.set(collective, call.payloadType(), call.count(), settings.ranks(), maxPayloadLength);
            geometry = blockChunking;
            pacing = plan.isOneWay() ? pacingOfGathers : pacingOfBlocks;
        } else {
            final int shares = plan.isReplicated() ? 1 : settings.ranks();
            chunking.set(call.payloadType(), call.count(), shares, maxPayloadLength);
            geometry = chunking;
            pacing = plan.isOneWay() ? pacingOfBroadcasts : pacingOfVotes;
        }
        flow = plan.isOneWay() ? oneWayFlow : collective.isInBlocks() ? blockFlow : voteFlow;
    }

    /** Whether this member tallies chunks, or wants those of another. */
    private boolean holdsResult(final long roundId) {
        boolean holds = plan.chunkCount(member(), plan.firstChunk(member(), roundId), geometry.chunkCount()) > 0;
        for (final Link link : links) {
            holds |= link.isTallier() && link.wantsHere();
        }
        return holds;
    }

    private Tally tally() {
        final Collective collective = call.collective();
        final boolean isKept = collective == Collective.GATHER || collective == Collective.ALL_TO_ALL;
        return call.isVote() ? votes : isKept ? gathers : folds;
    }

    /**
     * The most credit of a round, equal on all members.
     *
     * @param receiveWindowLength bytes that all senders together may have open towards one receiver.
     */
    static int cap(final Plan plan, final Geometry geometry, final int receiveWindowLength) {
        final long frameLength = DataFrame.HEADER_LENGTH + geometry.maxPayloadLength();
        final long fitting = receiveWindowLength / (frameLength * Math.max(1, plan.inboundStreams()));
        // number of open chunks whose planes take at most half a byte for each coordinate of the call
        final int planes = Integer.SIZE - Integer.numberOfLeadingZeros(plan.ballots());
        final long affordable = Long.highestOneBit(4L * geometry.chunkCount() / planes);
        return (int) Math.max(1, Math.min(Pacing.MOST, Math.min(fitting, affordable)));
    }

    /** Begins to leave: no round follows, and no frame of the last one counts. */
    void leave() {
        roundId++;
        for (final Link link : links) {
            link.peer().onLeave();
        }
        phase = Phase.LEAVING;
    }

    /** Sends a goodbye to every member. Returns whether all goodbyes are sent. */
    boolean sayGoodbye() {
        boolean isSaid = true;
        for (final Link link : links) {
            isSaid &= link.peer().sayGoodbye(writer, this);
        }
        return isSaid;
    }

    /** Whether every member but us has said goodbye. */
    boolean isDeserted() {
        for (final Link link : links) {
            if (!link.peer().hasLeft()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(votes, folds, gathers, result, kept, ownBallots);
    }

    // data plane

    /** Id of the round that was begun last, from 1; 0 before the first. */
    long roundId() {
        return roundId;
    }

    /** Number of calls that were begun. An all-gather is one call of two rounds; any other call is one round. */
    long calls() {
        return calls;
    }

    Call call() {
        return call;
    }

    Geometry geometry() {
        return geometry;
    }

    Pacing pacing() {
        return pacing;
    }

    Flow flow() {
        return flow;
    }

    /** Ballots that close a chunk. */
    int ballots() {
        return ballots;
    }

    /** Whether a tallier answers ballots. It does not in a small replicated round, whose ballots need no credit. */
    boolean isAnswered() {
        return isAnswered;
    }

    /** Hash that every ballot of this round must carry. */
    int check() {
        return check;
    }

    /** Id of the round whose result {@link #check} is of. */
    long checkedRoundId() {
        return checkedRoundId;
    }

    /** Ends a complete round. */
    void end() {
        pacing.endRound();
        phase = Phase.IDLE;
        if (plan.isReplicated() && call.collective() != Collective.BARRIER) {
            check = ResultHash.of(call.payloadType(), result.address(), call.count());
            checkedRoundId = roundId;
        } else if (ballots == settings.ranks()) {
            check = 0;
        }
    }

    /** Whether ballots are combined in rank order. */
    boolean isOrdered() {
        return call.op() != null && call.op().isOrdered(call.payloadType());
    }

    /** The most credit in this round. All frames that it allows towards one receiver fit the receiver's buffer. */
    int cap() {
        return cap;
    }

    Link[] links() {
        return links;
    }

    /** The link to another member; null for this member. */
    Link linkTo(final int member) {
        final int ahead = member - transport.rank();
        return ahead == 0 ? null : links[ahead > 0 ? ahead - 1 : ahead + links.length];
    }

    Tallier tallier() {
        return tallier;
    }

    /** Number of this member: its rank, or the number of the server. */
    int member() {
        return transport.rank();
    }

    boolean isServer() {
        return transport.rank() >= settings.ranks();
    }

    long result() {
        return result.address();
    }

    /** Address of a chunk in the result. */
    long address(final int chunk) {
        return result.address() + geometry.offset(chunk);
    }

    /** Whether our ballot for a chunk can be filled now. An empty chunk is ready, and its source is not called. */
    boolean isBallotReady(final int chunk) {
        final int coordinates = geometry.coordinates(chunk);
        return coordinates == 0 || chunk < filled || source.isReady(geometry.firstCoordinate(chunk), coordinates);
    }

    /** Appends the option values of this rank to the message of a mismatch. Returns other failures unchanged. Thread-safe. */
    Failure explained(final Failure failure) {
        final BallotSource described = source;
        // another rank may be a round ahead, and its mismatch is not one of our call
        final long ours = isOffered ? roundId + 1 : roundId;
        if (failure.kind() != Failure.Kind.MISMATCH
                || described == null
                || !failure.message().startsWith("round=" + ours + ":")) {
            return failure;
        }
        final long options = call.options();
        String values;
        try {
            values = described.describeOptions(options);
        } catch (final RuntimeException e) {
            values = e.toString(); // the failure itself must not get lost
        }
        return new Failure(
                failure.kind(), failure.ranks(), Failures.explainOptions(failure.message(), options, values));
    }

    void fillBallot(final int chunk, final long address) {
        final int coordinates = geometry.coordinates(chunk);
        if (coordinates > 0 && plan.isReplicated()) {
            Copies.copy(ownBallot(chunk, coordinates), address, geometry.payloadLength(chunk));
        } else if (coordinates > 0) {
            source.fill(geometry.firstCoordinate(chunk), coordinates, address);
        }
    }

    /** Our ballot for a chunk that all ranks tally. The source fills it once, and all ranks get copies. */
    private long ownBallot(final int chunk, final int coordinates) {
        final long address = ownBallots.address() + geometry.offset(chunk);
        if (chunk == filled) {
            source.fill(geometry.firstCoordinate(chunk), coordinates, address);
            filled++;
        }
        return address;
    }

    /**
     * Number of frames sent or accepted in this round, plus chunks closed. Only progress of the round increases it. It
     * is the sum of the cursors, computed on each call, so frames cost nothing more.
     */
    long moves() {
        long moves = tallier.moves();
        for (final Link link : links) {
            moves += link.moves();
        }
        return moves;
    }

    /** Whether a frame of this round has arrived from a member; always true for this member itself. */
    boolean isHeard(final int member) {
        final Link link = linkTo(member);
        return link == null || link.isHeard(flow.firstReport());
    }

    /** Whether this rank holds all of the result and owes no frame to any member. */
    boolean isComplete() {
        if (!tallier.isComplete()) {
            return false;
        }
        final int closed = tallier.closed();
        for (final Link link : links) {
            if (!flow.isComplete(link, closed)) {
                return false;
            }
        }
        return true;
    }
}
