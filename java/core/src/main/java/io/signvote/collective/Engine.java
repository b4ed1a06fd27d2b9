package io.signvote.collective;

import io.signvote.collective.Round.Phase;
import io.signvote.error.VoteException;
import io.signvote.kernel.Kernels;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.Transport;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
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
 * is more than one round ahead. Receiving never waits on sending. Owned by one thread at a time, but for {@link #failure} and
 * {@link #fail}. It never waits.
 */
public final class Engine implements AutoCloseable {
    private static final int FRAME_LIMIT = 8;
    private static final int DEADLINE_CYCLES = 1024;

    /** Duty cycles without work before the first look at the deadline. They spin, and the clock costs as much as one of them. */
    private static final int SPINS = 8;

    /** Longest time between two looks at the deadline while this thread runs. */
    private static final long STANDSTILL_NS = 1_000_000_000;

    /** Enough for the credit of every peer, ballots and verdicts. */
    private static final int LAST_POLLS = 2 * Pacing.MOST / FRAME_LIMIT + 1;

    private final Latch latch;
    private final NanoClock clock;
    private final Round round;
    private final Receiver receiver;
    private final LinkWatch linkWatch;
    private long deadlineNs;
    private long checkedNs;
    private long movesAtDeadline;
    private long roundIdAtDeadline;
    private int cycles;
    private int idleCycles;

    /** Whether the first error was thrown. Frames that arrive afterwards complete no round. */
    private boolean hasEnded;

    /**
     * Rounds over a connected transport.
     *
     * @param transport connected to every member.
     * @param membership of the same members.
     * @param kernels arithmetic.
     * @param clock for deadlines and rates.
     * @param settings shared by all members.
     */
    public Engine(
            final Transport transport,
            final Membership membership,
            final Kernels kernels,
            final NanoClock clock,
            final RoundSettings settings) {
        this.clock = clock;
        round = new Round(transport, kernels, clock, settings);
        linkWatch = new LinkWatch(round, membership, clock.nanoTime());
        latch = new Latch(membership, linkWatch::explained);
        receiver = new Receiver(round, latch, new DataFrame(settings.sessionKey(), settings.view()));
    }

    // control plane

    /**
     * Begins the next round. Every rank must begin the same call.
     *
     * @param call what is called; the round keeps a copy.
     * @param source of our ballots; not used where the plan lets us cast none.
     */
    public void begin(final Call call, final BallotSource source) {
        begin(call, source, null, false);
    }

    /**
     * Begins the next round, to gather.
     *
     * @param call what is called, LENGTHS or ALL_GATHER; the round keeps a copy.
     * @param source of our own shard, whose coordinates are bytes from its beginning on.
     * @param shards of the ranks, equal on all, one at least not empty; not changed either. The result is laid out as they say.
     */
    public void begin(final Call call, final BallotSource source, final Shards shards) {
        begin(call, source, shards, false);
    }

    /**
     * Begins the next round.
     *
     * @param call what is called; the round keeps a copy.
     * @param source of our ballots; not used where the plan lets us cast none.
     * @param shards of what is gathered, else null.
     * @param keepsResult whether the result of the round before stays valid while this one runs.
     * @throws VoteException the first error, if this rank or the job has failed; no round begins then.
     */
    public void begin(final Call call, final BallotSource source, final Shards shards, final boolean keepsResult) {
        final VoteException error = latch.error();
        if (error != null) {
            throw error;
        }
        round.begin(call, source, shards, keepsResult);
    }

    /**
     * Begins to leave: says goodbye to every member and waits for theirs.
     *
     * @param timeoutNs most time to wait for them.
     */
    public void leave(final long timeoutNs) {
        round.leave();
        startDeadline(clock.nanoTime(), timeoutNs);
    }

    /** {@return the first error of this rank or the job, or null if there is none; then always the same} Thread-safe. */
    public VoteException failure() {
        return latch.error();
    }

    /**
     * Fails this rank at once, and the job with it. Thread-safe, does not wait. The next duty cycle throws the error that this
     * returns, and so does every later call.
     *
     * @param failure told to the other members.
     * @param here what callers of this rank get.
     * @return the first error of this rank, which may be another.
     */
    public VoteException fail(final Failure failure, final VoteException here) {
        return latch.fail(failure, here);
    }

    /** {@return whether no round is running: it is complete, or none was begun} */
    public boolean isIdle() {
        return round.phase == Phase.IDLE;
    }

    /** {@return whether every other member has said goodbye, which is how a server learns that it may go} */
    public boolean isDeserted() {
        return round.isDeserted();
    }

    /** {@return id of the round that was begun last, from 1; 0 before the first} */
    public long roundId() {
        return round.roundId();
    }

    /** {@return address of the words, floats or bytes of the round that was completed last, valid until the next begins} */
    public long result() {
        return round.result();
    }

    /** {@return the call of the round that is running or was the last, which on a server is the ranks'} */
    public Call call() {
        return round.call();
    }

    /** {@return coordinates tied in the chunks that we tallied in the last round} */
    public long ties() {
        return round.tallier().ties();
    }

    /** {@return counters of dropped frames, live} */
    public FrameCounters counters() {
        return receiver.counters();
    }

    /** Frees the memory of tallies and results. */
    @Override
    public void close() {
        round.close();
    }

    // data plane

    /**
     * One duty cycle: receives, answers, casts. Never waits.
     *
     * @return 0 where there was nothing to do, or only ballots that are not ready.
     */
    public int doWork() {
        final VoteException error = latch.error();
        if (error != null) {
            return endAfter(error);
        }
        int work = round.transport.poll(receiver, FRAME_LIMIT);
        if (round.phase == Phase.RUNNING) {
            work += round.flow().send();
            endIfComplete();
        } else if (round.phase == Phase.LEAVING && round.sayGoodbye() && round.isDeserted()) {
            round.phase = Phase.IDLE;
        }
        idleCycles = work == 0 ? idleCycles + 1 : 0;
        // dropped frames are work too, and must not postpone the deadline
        if (round.phase != Phase.IDLE && (idleCycles > SPINS || (++cycles & DEADLINE_CYCLES - 1) == 0)) {
            checkDeadline();
        }
        return work;
    }

    /**
     * Ends the round after a failure. Frames that came before the failure of another member still count: that member may have
     * failed after it had sent all of this round. Reads the logs once. Over a network a failure may overtake frames that were
     * sent earlier.
     */
    private int endAfter(final VoteException error) {
        int work = 0;
        int taken = latch.isOfJob() && !hasEnded ? 1 : 0;
        for (int polls = 0; polls < LAST_POLLS && taken > 0 && round.phase == Phase.RUNNING; polls++) {
            taken = round.transport.poll(receiver, FRAME_LIMIT);
            work += taken;
            endIfComplete();
        }
        if (round.phase != Phase.IDLE || work == 0) {
            hasEnded = true;
            throw error;
        }
        return work;
    }

    private void endIfComplete() {
        if (round.isComplete()) {
            round.pacing().endRound();
            round.phase = Phase.IDLE;
        }
    }

    private void startDeadline(final long nowNs, final long timeoutNs) {
        checkedNs = nowNs;
        deadlineNs = checkedNs + timeoutNs;
        movesAtDeadline = round.moves();
        roundIdAtDeadline = round.roundId();
    }

    /** The deadline counts from the last progress, a round's first from the first look. Time in which this thread did not run does not count. */
    private void checkDeadline() {
        final long nowNs = clock.nanoTime();
        final long passedNs = nowNs - checkedNs;
        checkedNs = nowNs;
        deadlineNs += passedNs > STANDSTILL_NS ? passedNs : 0;
        if (round.phase == Phase.RUNNING
                && (roundIdAtDeadline != round.roundId() || movesAtDeadline != round.moves())) {
            startDeadline(nowNs, round.settings.timeoutNs());
        }
        if (round.phase == Phase.RUNNING) {
            linkWatch.look(nowNs);
        }
        final long lateNs = nowNs - deadlineNs;
        if (lateNs < 0) {
            return;
        }
        if (round.phase == Phase.LEAVING) {
            round.phase = Phase.IDLE;
            return;
        }
        final Missing known = round.flow().missing();
        if (lateNs >= patienceNs(known)) {
            final Missing missing = known != null ? known : round.flow().missingAnswers();
            throw latch.fail(new Failure(
                    Failure.Kind.TIMEOUT,
                    missing.ranks(),
                    round.call() + " round=" + round.roundId() + ": no progress for "
                            + round.settings.timeoutNs() / 1_000_000 + " ms, missing " + missing.text()
                            + round.transport.errors()
                            + ", see why they did not call it or raise signvote.timeout"));
        }
    }

    /**
     * A rank reports first if it misses exactly one member and has heard that member in this round. A member that was not heard
     * may itself wait in the round before. A rank that lacks only verdicts does not know whose ballot is missing, and reports
     * last.
     */
    private long patienceNs(final Missing known) {
        final long timeoutNs = round.settings.timeoutNs();
        if (known == null) {
            return timeoutNs / 2;
        }
        return known.ranks().size() == 1 && round.isHeard(known.ranks().get(0)) ? 0 : timeoutNs / 4;
    }
}
