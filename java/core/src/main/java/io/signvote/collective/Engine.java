package io.signvote.collective;

import io.signvote.collective.Round.Phase;
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
 * is more than one round ahead. Receiving never waits on sending. Owned by one thread; no clock and no wait of its own.
 */
public final class Engine implements AutoCloseable {
    private static final int FRAME_LIMIT = 8;
    private static final int DEADLINE_CYCLES = 1024;

    /** Enough for the credit of every peer, ballots and verdicts. */
    private static final int LAST_POLLS = 2 * Pacing.MOST / FRAME_LIMIT + 1;

    private final Membership membership;
    private final NanoClock clock;
    private final Round round;
    private final Receiver receiver;
    private long deadlineNs;
    private long roundIdAtDeadline;
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
    public Engine(
            final Transport transport,
            final Membership membership,
            final Kernels kernels,
            final NanoClock clock,
            final RoundSettings settings) {
        this.membership = membership;
        this.clock = clock;
        round = new Round(transport, kernels, clock, settings);
        receiver = new Receiver(round, membership, new DataFrame(settings.sessionKey(), settings.view()));
    }

    // control plane

    /**
     * Begins the next round. Every rank must begin the same call.
     *
     * @param call what is called; not changed by the caller until the round is complete.
     * @param source of our ballots; not used where the plan lets us cast none.
     */
    public void begin(final Call call, final BallotSource source) {
        begin(call, source, null);
    }

    /**
     * Begins the next round, to gather.
     *
     * @param call what is called, LENGTHS or ALL_GATHER; not changed by the caller until the round is complete.
     * @param source of our own shard, whose coordinates are bytes from its beginning on.
     * @param shards of the ranks, equal on all, one at least not empty; not changed either. The result is laid out as they say.
     */
    public void begin(final Call call, final BallotSource source, final Shards shards) {
        round.begin(call, source, shards);
        startDeadline(round.settings.timeoutNs());
    }

    /**
     * Begins to leave: says goodbye to every member and waits for theirs.
     *
     * @param timeoutNs most time to wait for them.
     */
    public void leave(final long timeoutNs) {
        round.leave();
        startDeadline(timeoutNs);
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
        final Failure failure = membership.failure();
        if (failure != null) {
            return endAfter(failure);
        }
        int work = round.transport.poll(receiver, FRAME_LIMIT);
        if (round.phase == Phase.RUNNING) {
            work += round.flow().send();
            endIfComplete();
        } else if (round.phase == Phase.LEAVING && round.sayGoodbye() && round.isDeserted()) {
            round.phase = Phase.IDLE;
        }
        // nonsense that keeps coming is work too, and must not hold the deadline off
        if (round.phase != Phase.IDLE && (work == 0 || (++cycles & DEADLINE_CYCLES - 1) == 0)) {
            checkDeadline();
        }
        return work;
    }

    /**
     * What came before a failure counts: whoever had sent all that it owed may have failed after its round, which is ours too. Looks
     * at all that is in the logs, and no longer; over a network a failure may overtake what was sent before it.
     */
    private int endAfter(final Failure failure) {
        int work = 0;
        int taken = 1;
        for (int polls = 0; polls < LAST_POLLS && taken > 0 && round.phase == Phase.RUNNING; polls++) {
            taken = round.transport.poll(receiver, FRAME_LIMIT);
            work += taken;
            endIfComplete();
        }
        if (round.phase != Phase.IDLE || work == 0) {
            throw Failures.exception(failure);
        }
        return work;
    }

    private void endIfComplete() {
        if (round.isComplete()) {
            round.pacing().endRound();
            round.phase = Phase.IDLE;
        }
    }

    private void startDeadline(final long timeoutNs) {
        roundIdAtDeadline = round.roundId();
        deadlineNs = clock.nanoTime() + timeoutNs;
    }

    private void checkDeadline() {
        if (roundIdAtDeadline != round.roundId()) {
            // a server has entered a round that nobody began here
            startDeadline(round.settings.timeoutNs());
        }
        final long lateNs = clock.nanoTime() - deadlineNs;
        if (lateNs < 0) {
            return;
        }
        if (round.phase == Phase.LEAVING) {
            round.phase = Phase.IDLE;
            return;
        }
        // who only lacks verdicts cannot tell whose ballot is missing: let one that knows speak first
        final long timeoutNs = round.settings.timeoutNs();
        final Missing known = round.flow().missing();
        if (known != null || lateNs >= timeoutNs / 4) {
            final Missing missing = known != null ? known : round.flow().missingAnswers();
            throw Failures.fail(
                    membership,
                    new Failure(
                            Failure.Kind.TIMEOUT,
                            missing.ranks(),
                            round.call() + " round=" + round.roundId() + ": not complete after "
                                    + timeoutNs / 1_000_000 + " ms, missing "
                                    + missing.text()
                                    + ", see why they did not call it or raise signvote.timeout"));
        }
    }
}
