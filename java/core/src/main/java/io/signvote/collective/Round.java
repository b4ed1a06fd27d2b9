package io.signvote.collective;

import io.signvote.bits.OffHeap;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.Transport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.Operation;
import io.signvote.wire.sbe.DataFrameDecoder;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.NanoClock;

/**
 * The rounds of one communicator, one at a time: a state machine that a thread drives by {@link #doWork()}.
 *
 * <pre>
 * source --fill--> claimed frame ==ballot==> tally --last ballot--> result, closed++
 *                                            result[chunk] --claimed frame ==verdict==> result of every other rank
 * </pre>
 *
 * <p>A round is complete when all of the result is held and everything that others need from us is claimed. Frames of one
 * peer come in order, so one of the next round is left in the log until we are there: the log is the waiting room, and nobody
 * is more than one round ahead. Receiving never waits on sending. Owned by one thread; no clock and no wait of its own.
 */
public final class Round implements FrameHandler, AutoCloseable {
    private static final int FRAME_LIMIT = 8;
    private static final int ANSWER_LIMIT = 8;
    private static final int MAX_CREDIT = 256;
    private static final int INITIAL_CREDIT = 8;
    private static final int DEADLINE_CYCLES = 1024;

    private enum State {
        IDLE,
        RUNNING,
        LEAVING
    }

    private final Transport transport;
    private final Membership membership;
    private final NanoClock clock;
    private final RoundSettings settings;
    private final DataFrame frame;
    private final Claim claim;
    private final Pacing pacing;
    private final Tally votes;
    private final Tally sums;
    private final Link[] links;
    private final Link own;
    private final FrameCounters counters = new FrameCounters();
    private final Chunking chunking = new Chunking();
    private final Call unread = new Call();

    private State state = State.IDLE;
    private long number;
    private Call call = new Call();
    private Plan plan;
    private Tally tally;
    private BallotSource source;
    private OffHeap result = new OffHeap(0);
    private int closed;
    private int window;
    private int cap;
    private long deadlineNs;
    private int cycles;

    /**
     * Rounds over a connected transport.
     *
     * @param transport connected to every member.
     * @param membership of the same members.
     * @param kernels arithmetic.
     * @param clock for deadlines and rates.
     * @param settings shared by all members.
     */
    public Round(
            final Transport transport,
            final Membership membership,
            final Kernels kernels,
            final NanoClock clock,
            final RoundSettings settings) {
        this.transport = transport;
        this.membership = membership;
        this.clock = clock;
        this.settings = settings;
        plan = settings.plan();
        frame = new DataFrame(settings.sessionKey(), settings.view());
        claim = transport.newClaim();
        pacing = new Pacing(clock, settings.fixedCredit());
        votes = new VoteTally(kernels, settings.seed(), settings.communicator());
        sums = new SumTally(kernels);
        tally = votes;

        // the right neighbour first, ourselves last: no receiver is hit by all at once
        final int members = transport.size();
        links = new Link[members];
        final int initial = settings.fixedCredit() > 0 ? settings.fixedCredit() : INITIAL_CREDIT;
        for (int i = 0; i < members; i++) {
            links[i] = new Link((transport.rank() + 1 + i) % members, initial);
        }
        own = links[members - 1];
    }

    // control plane

    /**
     * Begins the next round. Every rank must begin the same call.
     *
     * @param call what is called; not changed by the caller until the round is complete.
     * @param source of our ballots; not used where the plan lets us cast none.
     */
    public void begin(final Call call, final BallotSource source) {
        this.call = call;
        this.source = source;
        plan = call.operation() == Operation.BROADCAST ? rooted(call.root()) : settings.plan();
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
        result = Memory.atLeast(result, chunking.resultLength());
        window = BitUtil.findNextPositivePowerOfTwo(Math.max(1, Math.min(cap, own.chunkCount)));
        tally = chooseTally();
        if (own.chunkCount > 0) {
            tally.begin(call, chunking, plan.ballots(), window, result.address());
        }
        pacing.beginRound(cap, plan.ballots() - 1, transport.nakCount());
        deadlineNs = clock.nanoTime() + settings.timeoutNs();
        state = State.RUNNING;
    }

    /**
     * Begins to leave: says goodbye to every member and waits for theirs.
     *
     * @param timeoutNs most time to wait for them.
     */
    public void leave(final long timeoutNs) {
        deadlineNs = clock.nanoTime() + timeoutNs;
        number++;
        for (final Link link : links) {
            link.answered = 0;
        }
        own.hasLeft = true;
        state = State.LEAVING;
    }

    /**
     * Whether no round is running: it is complete, or none was begun.
     *
     * @return true where {@link #begin} may be called.
     */
    public boolean isIdle() {
        return state == State.IDLE;
    }

    /**
     * Whether every rank has said goodbye, which is how a server learns that it may go.
     *
     * @return true once no ballot can come any more.
     */
    public boolean isDeserted() {
        for (final Link link : links) {
            if (!link.hasLeft && link != own) {
                return false;
            }
        }
        return true;
    }

    /**
     * Number of the round that was begun last.
     *
     * @return from 1; 0 before the first.
     */
    public long number() {
        return number;
    }

    /**
     * Result of the round that was completed last.
     *
     * @return address of words or floats, valid until the next begins.
     */
    public long result() {
        return result.address();
    }

    /**
     * Coordinates tied in the chunks that we tallied in the last round.
     *
     * @return count.
     */
    public long ties() {
        return tally.ties();
    }

    /**
     * Frames that were dropped.
     *
     * @return live counters.
     */
    public FrameCounters counters() {
        return counters;
    }

    /** Frees the memory of tallies and results. */
    @Override
    public void close() {
        CloseHelper.closeAll(votes, sums, result);
    }

    // data plane

    /**
     * One duty cycle: receives, answers, casts. Never waits.
     *
     * @return 0 where there was nothing to do.
     */
    public int doWork() {
        final Failure failure = membership.failure();
        if (failure != null) {
            throw Failures.exception(failure);
        }
        int work = transport.poll(this, FRAME_LIMIT);
        if (state == State.RUNNING) {
            work += answer() + cast() + report();
            if (isComplete()) {
                pacing.endRound();
                state = State.IDLE;
            }
        } else if (state == State.LEAVING) {
            work += sayGoodbye();
            if (isDeserted() && hasSaidGoodbye()) {
                state = State.IDLE;
            }
        }
        // nonsense that keeps coming is work too, and must not hold the deadline off
        if (state != State.IDLE && (work == 0 || (++cycles & DEADLINE_CYCLES - 1) == 0)) {
            checkDeadline();
        }
        return work;
    }

    @Override
    public boolean onFrame(final int peer, final DirectBuffer buffer, final int offset, final int length) {
        final DataFrameDecoder header = frame.read(buffer, offset, length);
        if (header == null) {
            counters.onMalformed();
            return true;
        }
        final Link link = linkTo(peer);
        final long round = header.round();
        if (header.kind() == DataFrame.BYE) {
            return onBye(link, round);
        }
        if (state == State.IDLE && isServer() && round > number && !adopt(header)) {
            counters.onMalformed();
            return true;
        }
        if (round > number) {
            return false;
        }
        if (round < number || state == State.IDLE) {
            counters.onStale();
            return true;
        }
        if (state == State.LEAVING || !call.matches(header)) {
            failMismatch(peer, header);
        }
        final long payload = buffer.addressOffset() + offset + DataFrame.HEADER_LENGTH;
        final int payloadLength = length - DataFrame.HEADER_LENGTH;
        return switch (header.kind()) {
            case DataFrame.BALLOT -> onBallot(link, header, payload, payloadLength);
            case DataFrame.VERDICT -> onVerdict(link, header, payload, payloadLength);
            case DataFrame.CREDIT -> onCredit(link, header);
            default -> drop();
        };
    }

    private boolean onBallot(
            final Link link, final DataFrameDecoder header, final long payload, final int payloadLength) {
        final int index = link.received;
        final int chunk = expected(own, index, header, payloadLength);
        if (chunk < 0 || !plan.casts(link.member) || link == own || index >= closed + window) {
            return drop(header, own, index);
        }
        if (!tally.isTurn(index, link.member)) {
            return false;
        }
        link.received++;
        if (tally.add(index, chunk, payload)) {
            closed++;
        }
        pacing.onFrame(payloadLength, transport.nakCount());
        return true;
    }

    private boolean onVerdict(
            final Link link, final DataFrameDecoder header, final long payload, final int payloadLength) {
        final int chunk = expected(link, link.decided, header, payloadLength);
        if (chunk < 0 || link == own || header.ballots() != plan.ballots()) {
            return drop(header, link, link.decided);
        }
        UnsafeApi.copyMemory(payload, result.address() + chunking.offset(chunk), payloadLength);
        link.decided++;
        link.credit = Math.max(1, Math.min(header.credit(), cap));
        if (plan.isOneWay()) {
            pacing.onFrame(payloadLength, transport.nakCount());
        }
        return true;
    }

    private boolean onCredit(final Link link, final DataFrameDecoder header) {
        final int held = header.chunk();
        if (!plan.isOneWay() || held <= link.acknowledged || held > link.answered) {
            return drop();
        }
        link.acknowledged = held;
        link.credit = Math.max(1, Math.min(header.credit(), cap));
        return true;
    }

    private boolean onBye(final Link link, final long round) {
        if (state == State.RUNNING && round == number) {
            fail(
                    Failure.Kind.MISMATCH,
                    link.member,
                    "round=" + number + ": rank " + link.member + " closed, rank " + transport.rank() + " calls "
                            + call + ", make every rank call the same");
        }
        if (round > number && state == State.RUNNING) {
            return false;
        }
        link.hasLeft = true;
        return true;
    }

    /** Sends verdicts of closed chunks to whoever lacks them. */
    private int answer() {
        int work = 0;
        final int closed = plan.isOneWay() && !isEveryonePresent() ? Math.min(this.closed, own.chunkCount - 1) : this.closed;
        for (final Link link : links) {
            if (link == own || link.member >= settings.ranks()) {
                continue;
            }
            final int most = plan.isOneWay() ? Math.min(closed, Math.max(0, link.acknowledged) + link.credit) : closed;
            for (int i = 0; i < ANSWER_LIMIT && link.answered < most && sendVerdict(link); i++) {
                work++;
            }
        }
        return work;
    }

    /**
     * Whether every receiver of a one-way collective has entered the round. Until then the last chunk is held back, so that
     * nobody leaves a round that another has not entered.
     */
    private boolean isEveryonePresent() {
        for (final Link link : links) {
            if (link != own && link.member < settings.ranks() && link.acknowledged < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean sendVerdict(final Link link) {
        final int chunk = own.firstChunk + link.answered * plan.stride();
        final int payloadLength = chunking.payloadLength(chunk);
        if (transport.tryClaim(link.member, DataFrame.HEADER_LENGTH + payloadLength, claim) != Status.OK) {
            return false;
        }
        writeHeader(DataFrame.VERDICT, chunk, chunking.coordinates(chunk));
        UnsafeApi.copyMemory(result.address() + chunking.offset(chunk), payloadAddress(), payloadLength);
        claim.commit();
        link.answered++;
        return true;
    }

    /** Casts the next ballot towards each tallier that has credit; one without is skipped, not awaited. */
    private int cast() {
        if (!plan.casts(transport.rank())) {
            return 0;
        }
        int work = 0;
        for (final Link link : links) {
            if (link.cast < link.chunkCount && (link == own ? castOwn() : castTo(link))) {
                link.cast++;
                work++;
            }
        }
        return work;
    }

    private boolean castTo(final Link link) {
        if (link.cast - link.decided >= link.credit) {
            return false;
        }
        final int chunk = link.firstChunk + link.cast * plan.stride();
        final int coordinates = chunking.coordinates(chunk);
        final int length = DataFrame.HEADER_LENGTH + chunking.payloadLength(chunk);
        if (transport.tryClaim(link.member, length, claim) != Status.OK) {
            return false;
        }
        boolean isFilled = false;
        try {
            isFilled = source.fill(chunking.firstCoordinate(chunk), coordinates, payloadAddress()) == Status.OK;
            if (isFilled) {
                writeHeader(DataFrame.BALLOT, chunk, coordinates);
                claim.commit();
            }
        } finally {
            if (!isFilled) {
                claim.abort();
            }
        }
        return isFilled;
    }

    private boolean castOwn() {
        final int index = own.cast;
        if (index - closed >= Math.min(window, pacing.credit()) || !tally.isTurn(index, own.member)) {
            return false;
        }
        final int chunk = own.firstChunk + index * plan.stride();
        final long ballot = tally.place(index, chunk);
        if (source.fill(chunking.firstCoordinate(chunk), chunking.coordinates(chunk), ballot) != Status.OK) {
            return false;
        }
        if (tally.add(index, chunk, ballot)) {
            closed++;
        }
        return true;
    }

    /**
     * In a one-way collective, says who is there: receivers to the root, and the root to all, so that two ranks that each take
     * themselves for the root find out. Then tells the root what arrived, every half of our credit and at the end.
     */
    private int report() {
        if (!plan.isOneWay()) {
            return 0;
        }
        int work = 0;
        for (final Link link : links) {
            final boolean concerns = link.chunkCount > 0 || own.chunkCount > 0;
            if (concerns && link != own && link.member < settings.ranks() && isReportDue(link)) {
                work += sendReport(link) ? 1 : 0;
            }
        }
        return work;
    }

    private boolean isReportDue(final Link link) {
        final int due = link.reported < 0 || link.decided == link.chunkCount ? 1 : Math.max(1, pacing.credit() / 2);
        return link.decided - link.reported >= due;
    }

    private boolean sendReport(final Link link) {
        if (transport.tryClaim(link.member, DataFrame.HEADER_LENGTH, claim) != Status.OK) {
            return false;
        }
        writeHeader(DataFrame.CREDIT, link.decided, 0);
        claim.commit();
        link.reported = link.decided;
        return true;
    }

    private int sayGoodbye() {
        int work = 0;
        for (final Link link : links) {
            if (link != own
                    && link.answered == 0
                    && transport.tryClaim(link.member, DataFrame.HEADER_LENGTH, claim) == Status.OK) {
                writeHeader(DataFrame.BYE, 0, 0);
                claim.commit();
                link.answered = 1;
                work++;
            }
        }
        return work;
    }

    private void writeHeader(final short kind, final int chunk, final int coordinates) {
        final int ballots = kind == DataFrame.VERDICT ? plan.ballots() : 0;
        frame.write(
                claim.buffer(),
                claim.offset(),
                kind,
                number,
                call,
                chunk,
                coordinates,
                ballots,
                Math.min(pacing.credit(), MAX_CREDIT));
    }

    private long payloadAddress() {
        return claim.buffer().addressOffset() + claim.offset() + DataFrame.HEADER_LENGTH;
    }

    private boolean isComplete() {
        if (closed < own.chunkCount) {
            return false;
        }
        final boolean casts = plan.casts(transport.rank());
        final boolean isServer = isServer();
        for (final Link link : links) {
            if (link == own) {
                continue;
            }
            final boolean isAnswered = link.member >= settings.ranks()
                    || (link.answered == closed && (!plan.isOneWay() || !casts || link.acknowledged == closed));
            final boolean isReported = !plan.isOneWay() || link.chunkCount == 0 || link.reported == link.decided;
            if (!isAnswered
                    || !isReported
                    || (!isServer && link.decided < link.chunkCount)
                    || (casts && link.cast < link.chunkCount)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasSaidGoodbye() {
        for (final Link link : links) {
            if (link != own && link.answered == 0) {
                return false;
            }
        }
        return true;
    }

    /** The chunk at a cursor, or -1 where the header or the length is not the one expected there. */
    private int expected(final Link tallier, final int index, final DataFrameDecoder header, final int length) {
        if (index >= tallier.chunkCount) {
            return -1;
        }
        final int chunk = tallier.firstChunk + index * plan.stride();
        final boolean isExpected = header.chunk() == chunk
                && header.coordinates() == chunking.coordinates(chunk)
                && length == chunking.payloadLength(chunk);
        return isExpected ? chunk : -1;
    }

    private boolean drop(final DataFrameDecoder header, final Link tallier, final int index) {
        final int ahead = header.chunk() - tallier.firstChunk;
        if (ahead >= 0 && ahead % plan.stride() == 0 && ahead / plan.stride() < index) {
            counters.onRepeated();
            return true;
        }
        return drop();
    }

    private boolean drop() {
        counters.onMalformed();
        return true;
    }

    private Link linkTo(final int member) {
        return links[Math.floorMod(member - transport.rank() - 1, links.length)];
    }

    private boolean isServer() {
        return transport.rank() >= settings.ranks();
    }

    /** A server learns of a round from its first ballot. */
    private boolean adopt(final DataFrameDecoder header) {
        if (!unread.read(header) || unread.operation() == Operation.BROADCAST) {
            return false;
        }
        number = header.round() - 1;
        begin(unread, null);
        return true;
    }

    private Plan rooted(final int root) {
        if (!(plan instanceof Plan.Rooted) || ((Plan.Rooted) plan).root() != root) {
            return new Plan.Rooted(root);
        }
        return plan;
    }

    private Tally chooseTally() {
        return call.payloadType() == DataType.SIGN && !plan.isOneWay() ? votes : sums;
    }

    /** Frames that one peer may have open towards another, so that all together fit its receive buffer. */
    private int cap() {
        final long frameLength = DataFrame.HEADER_LENGTH + chunking.maxPayloadLength();
        final long fitting = transport.receiveWindowLength() / (frameLength * Math.max(1, plan.inboundStreams()));
        return (int) Math.max(1, Math.min(MAX_CREDIT, fitting));
    }

    private void failMismatch(final int peer, final DataFrameDecoder header) {
        final String theirs = unread.read(header) ? unread.toString() : "something unknown";
        final String ours = state == State.LEAVING ? "close()" : call.toString();
        fail(
                Failure.Kind.MISMATCH,
                peer,
                "round=" + number + ": rank " + transport.rank() + " calls " + ours + ", rank " + peer + " calls " + theirs
                        + ", make every rank call the same");
    }

    private void checkDeadline() {
        final long lateNs = clock.nanoTime() - deadlineNs;
        if (lateNs < 0) {
            return;
        }
        if (state == State.LEAVING) {
            state = State.IDLE;
            return;
        }
        // who only lacks verdicts cannot tell whose ballot is missing: let a tallier that knows speak first
        final String missing = Missing.ballots(links, own, plan, closed);
        if (missing.isEmpty() && lateNs < settings.timeoutNs() / 4) {
            return;
        }
        fail(
                Failure.Kind.TIMEOUT,
                -1,
                call + " round=" + number + ": not complete after " + settings.timeoutNs() / 1_000_000 + " ms, missing "
                        + (missing.isEmpty() ? Missing.verdicts(links, own, plan) : missing)
                        + ", see why they did not call it or raise signvote.timeout");
    }

    private void fail(final Failure.Kind kind, final int culprit, final String message) {
        final Failure ours = new Failure(kind, culprit, message);
        membership.fail(ours);
        final Failure first = membership.failure();
        throw Failures.exception(first == null ? ours : first);
    }
}
