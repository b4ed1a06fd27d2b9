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
 * <p>A round is complete when this rank holds all of the result and has sent everything that others need from it. The
 * frames of one peer arrive in order. A frame of the next round stays in the log until this rank begins that round. So
 * no member is more than one round ahead. Receiving never waits for sending. One thread at a time owns an engine; only
 * {@link #failure} and {@link #fail} are thread-safe. No method waits.
 */
public final class Engine implements AutoCloseable {
    private static final int FRAME_LIMIT = 8;
    private static final int DEADLINE_CYCLES = 1024;

    /**
     * Duty cycles without work before the engine looks at the deadline. Reading the clock costs as much as one such
     * cycle.
     */
    private static final int SPINS = 8;

    /** Longest time between two looks at the deadline while this thread runs. */
    private static final long STANDSTILL_NS = 1_000_000_000;

    /** Most polls after a failure. They read all ballots and verdicts that the credit of each peer allows. */
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
     * Makes an engine over a connected transport.
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
        latch = new Latch(membership, settings.group(), failure -> round.explained(linkWatch.explained(failure)));
        receiver = new Receiver(round, latch, new DataFrame(settings.sessionKey(), settings.view()));
    }

    // control plane

    /**
     * Begins the next round. Every rank must begin the same call.
     *
     * @param call to make; the round keeps a copy.
     * @param source of our ballots; not used if this rank casts none in the plan of the call.
     */
    public void begin(final Call call, final BallotSource source) {
        begin(call, source, null, false);
    }

    /**
     * Begins a round that gathers shards. Every rank must begin the same call.
     *
     * @param call LENGTHS or ALL_GATHER; the round keeps a copy.
     * @param source of our own shard. A coordinate is a byte, counted from the beginning of the shard.
     * @param shards lengths and offsets in the result, equal on all ranks, at least one byte in all. Must not change
     *     during the round.
     */
    public void begin(final Call call, final BallotSource source, final Shards shards) {
        begin(call, source, shards, false);
    }

    /**
     * Begins the next round.
     *
     * @param call to make; the round keeps a copy.
     * @param source of our ballots; not used if this rank casts none in the plan of the call.
     * @param shards of a gather, else null.
     * @param keepsResult whether the result of the round before stays valid while this one runs.
     * @throws VoteException the first error, if this rank or the job has failed; no round begins then.
     */
    public void begin(final Call call, final BallotSource source, final Shards shards, final boolean keepsResult) {
        round.offer(call, source);
        final VoteException error = latch.error();
        if (error != null) {
            throw error;
        }
        round.begin(call, source, shards, keepsResult);
    }

    /**
     * Begins to leave. The next duty cycles send a goodbye to every member, until all members have sent theirs or the
     * time is over.
     *
     * @param timeoutNs most time to wait for the goodbyes of the others.
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
     * Fails this rank at once, and the job with it. Thread-safe; does not wait. The next duty cycle and every later
     * call throw the returned error.
     *
     * @param failure for the other members; it names ranks of the job.
     * @param here error for the callers of this rank.
     * @return the first error of this rank; it may be an earlier one.
     */
    public VoteException fail(final Failure failure, final VoteException here) {
        return latch.fail(failure, here);
    }

    /** {@return whether no round is running: it is complete, or none was begun} */
    public boolean isIdle() {
        return round.phase == Phase.IDLE;
    }

    /** {@return whether every other member has said goodbye; a server then stops} */
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

    /** {@return the call of the running or last round; on a server, the call of the ranks} */
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
     * Runs one duty cycle: receives frames, sends verdicts and casts ballots. Never waits.
     *
     * @return amount of work; 0 if there was nothing to do, or only ballots that are not ready.
     * @throws VoteException the first error, if this rank or the job has failed.
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
        // dropped frames count as work, but must not postpone the deadline
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
            round.end();
        }
    }

    private void startDeadline(final long nowNs, final long timeoutNs) {
        checkedNs = nowNs;
        deadlineNs = checkedNs + timeoutNs;
        movesAtDeadline = round.moves();
        roundIdAtDeadline = round.roundId();
    }

    /**
     * The deadline counts from the last progress. In a new round it counts from the first look. Time in which this
     * thread did not run does not count.
     */
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
