package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Bye;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Heartbeat;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.transport.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;

/**
 * The state of one job of a coordinator: the members that came, a mismatch that cancelled it, and its first failure. It
 * handles callers that have proved themselves, and does not use sockets. Owned by the coordinator's thread. Any thread
 * may read failure, state and departure.
 *
 * <pre>
 *   IDLE --first Join--> JOINING --all have come--> RUNNING --all said BYE--> OVER
 *                           '--deadline, mismatch,     '--first failure--> FAILED
 *                               death, all gave up--> CANCELLED
 * </pre>
 *
 * <p>Times are of the coordinator's clock, except for {@link #startNs()}.
 */
final class JobState {
    /** Progress of the job. The last three states are final, and the coordinator then opens the next job. */
    enum State {
        IDLE,
        JOINING,
        RUNNING,
        OVER,
        FAILED,
        CANCELLED
    }

    private static final int FIRST_VIEW = 1;

    private final RendezvousConfig config;
    private final long sessionKey;
    private final Supplier<String> hints;
    private final Mismatches mismatches;
    private final ErrorHandler errorHandler;
    private final Attendance attendance;
    private final Caller[] contenders;
    private final long[] contestedNs;
    private final CountDownLatch departed = new CountDownLatch(1);
    private long joinDeadlineNs;
    private long endNs;
    private Cancelled cancellation;
    private volatile long startNs;
    private volatile State state = State.IDLE;
    private volatile Failure failure;

    /**
     * Makes a job that no member has joined. The hints may explain why a member is missing. All jobs of a coordinator
     * share the mismatches.
     */
    JobState(
            final RendezvousConfig config,
            final long sessionKey,
            final Supplier<String> hints,
            final Mismatches mismatches,
            final ErrorHandler errorHandler) {
        this.config = config;
        this.sessionKey = sessionKey;
        this.hints = hints;
        this.mismatches = mismatches;
        this.errorHandler = errorHandler;
        attendance = new Attendance(config);
        contenders = new Caller[config.memberCount()];
        contestedNs = new long[config.memberCount()];
    }

    /** State of the job. Thread-safe. */
    State state() {
        return state;
    }

    /** The first failure, or null. Thread-safe. */
    Failure failure() {
        return failure;
    }

    /**
     * Time at which the roster was sent; 0 before. It is of System.nanoTime(), because a launcher compares it with the
     * ends of its processes. Thread-safe.
     */
    long startNs() {
        return startNs;
    }

    /** Latch that opens when no member is left in a job that ran, or when the job is cancelled. */
    CountDownLatch departed() {
        return departed;
    }

    /** Members that have come and neither left nor died. */
    int presentCount() {
        return attendance.presentCount();
    }

    /** Whether it accepts members or runs. Otherwise the coordinator opens the next job. */
    boolean isOpen() {
        return state == State.IDLE || state == State.JOINING || state == State.RUNNING;
    }

    /** Whether it ended before all had come. */
    boolean isCancelled() {
        return state == State.CANCELLED;
    }

    /**
     * The reason why it was cancelled a short time ago, for a rank that came too late and finds the coordinator
     * closing. {@link Mismatches} repeats mistakes.
     *
     * @return null if it was not cancelled, if that is long ago, or if the rank was there.
     */
    Cancelled untold(final int place, final long nowNs) {
        if (state != State.CANCELLED
                || !cancellation.isRetryable()
                || attendance.at(place) != null
                || nowNs - endNs > config.suspicionTimeoutNs()) {
            return null;
        }
        return new Cancelled(
                cancellation.isRetryable(),
                cancellation.ranks(),
                cancellation.message() + "; the coordinator closed " + Control.seconds(nowNs - endNs) + " later");
    }

    /** Time by which all members must have come, in state JOINING. */
    long joinDeadlineNs() {
        return joinDeadlineNs;
    }

    /** Handles a caller that has proved itself and wants its place. */
    void onJoin(final Caller caller, final Join join, final long nowNs) {
        final String mismatch = Objections.mismatch(config, caller, join);
        final int place = Objections.place(config, join);
        if (state == State.RUNNING) {
            if (mismatch != null) {
                caller.dismiss(refusal(place, mismatch + "; the job has already started, " + attendance), nowNs);
            } else {
                caller.postpone(new Later(whyLater(caller, join)), nowNs);
            }
            return;
        }
        if (mismatch != null) {
            onMismatch(caller, join, mismatch, nowNs);
            return;
        }
        final Cancelled untold = mismatches.untold(place, nowNs);
        final String otherSettings = Objections.otherSettings(attendance, caller, join);
        if (untold != null) {
            caller.dismiss(untold, nowNs);
        } else if (otherSettings != null) {
            cancelMismatch(List.of(attendance.any().member(), place), otherSettings, nowNs);
            mismatches.onTold(place);
            caller.dismiss(cancellation, nowNs);
        } else if (contenders[place] != null && !isQuiet(contenders[place], nowNs)) {
            cancelTwins(attendance.at(place), caller, nowNs);
            caller.dismiss(cancellation, nowNs);
        } else {
            admit(caller, place, nowNs);
        }
    }

    /**
     * Refuses a caller with a mistake that waiting cannot correct. A new mistake cancels the job for the members that
     * gather. Members that come later get it as well, since the caller with the mistake may come first.
     */
    private void onMismatch(final Caller caller, final Join join, final String mismatch, final long nowNs) {
        final boolean isNew = mismatches.isNew(Objections.mistake(config, caller, join), nowNs);
        final int place = Objections.place(config, join);
        final Cancelled refusal = refusal(place, mismatch + "; " + attendance);
        if (isNew && state == State.JOINING) {
            cancelMismatch(refusal.ranks(), mismatch, nowNs);
        } else if (isNew) {
            mismatches.retell(refusal, nowNs);
            errorHandler.onError(new RendezvousException(refusal.message()));
        } else {
            mismatches.remember(refusal.message(), nowNs);
        }
        mismatches.onTold(place);
        caller.dismiss(refusal, nowNs);
    }

    /** Makes a refusal. The caller is to blame, unless its place is not one of this job's. */
    static Cancelled refusal(final int place, final String message) {
        return Cancelled.refusal(place < 0 ? List.of() : List.of(place), message);
    }

    /** Whether a caller has missed a heartbeat. A live member sends one in each interval. */
    private boolean isQuiet(final Caller caller, final long nowNs) {
        return nowNs - caller.heardNs() > 2 * config.heartbeatIntervalNs();
    }

    /** The end of this job, as text for members that wait for the next one in vain. Empty if it ended well. */
    String epitaph(final long nowNs) {
        final String text =
                state == State.CANCELLED ? cancellation.message() : failure == null ? null : failure.message();
        return text == null
                ? ""
                : "; the previous job ended " + Control.seconds(nowNs - endNs) + " ago: " + Control.clip(text, 1024);
    }

    /** Handles a message of a member. */
    void onMessage(final Caller caller, final ControlMessage message, final long nowNs) {
        if (message instanceof Failed failed) {
            onFailed(caller, failed.failure(), nowNs);
        } else if (message instanceof Bye) {
            caller.end(nowNs);
            onDeparture(caller, place(caller) + " left before everyone had come", nowNs);
        } else if (!(message instanceof Heartbeat)) {
            throw new ProtocolException(attendance.name(caller.member()) + " sent a "
                    + message.getClass().getSimpleName() + ", which members do not send now");
        }
    }

    /** Handles the end of a member's connection. */
    void onGone(final Caller caller, final String how, final long nowNs) {
        onLost(caller, Failure.Kind.PEER_DIED, how, nowNs);
    }

    /** Handles a member that was silent for too long. */
    void onSilent(final Caller caller, final long nowNs) {
        onLost(
                caller,
                Failure.Kind.PEER_SILENT,
                "was silent for more than " + Control.seconds(config.suspicionTimeoutNs())
                        + ": its process is stopped or gets no CPU time, or the network is down; look at it, or"
                        + " raise signvote.suspicion.timeout",
                nowNs);
    }

    /** Notes that the connection of a member that never left was closed, because the next job runs. */
    void onForgotten() {
        if (attendance.presentCount() == 0) {
            departed.countDown();
        }
    }

    /** Ends this job after an error of the coordinator itself, which may have left it incomplete. */
    void onFault(final String what, final long nowNs) {
        if (state == State.RUNNING) {
            fail(new Failure(Failure.Kind.COORDINATOR_LOST, List.of(), what), nowNs);
        } else if (state == State.JOINING) {
            cancel(Cancelled.inVain(List.of(), what), nowNs);
        }
    }

    /**
     * Cancels the job after its deadline, or if two live processes claim one place. The first process is alive if it
     * was heard after the second had come.
     */
    void keepTime(final long nowNs) {
        if (state != State.JOINING) {
            return;
        }
        for (int i = 0; i < contenders.length; i++) {
            if (contenders[i] != null
                    && attendance.at(i).heardNs() - contestedNs[i] >= config.heartbeatIntervalNs() / 2) {
                cancelTwins(attendance.at(i), contenders[i], nowNs);
                return;
            }
        }
        if (nowNs - joinDeadlineNs >= 0) {
            cancel(Cancelled.inVain(attendance.missing(), notEveryone()), nowNs);
        }
    }

    private void admit(final Caller caller, final int place, final long nowNs) {
        if (state == State.IDLE) {
            state = State.JOINING;
            joinDeadlineNs = nowNs + config.joinTimeoutNs();
        }
        if (attendance.at(place) == null) {
            attendance.admit(place, caller);
        } else {
            // the first may be dead without notice: its next heartbeat, or its silence, decides
            if (contenders[place] != null) {
                contenders[place].dismiss(
                        refusal(
                                place,
                                attendance.name(place) + " came again, from "
                                        + caller.connection().remote() + ", while this process was not heard"),
                        nowNs);
            }
            contenders[place] = caller;
            contestedNs[place] = nowNs;
        }
        caller.onAdmitted(this, place);
        caller.tell(ControlWriter.welcome(new Welcome(config.heartbeatIntervalNs(), config.suspicionTimeoutNs())));
        startWhenAllCame();
    }

    private void startWhenAllCame() {
        if (state != State.JOINING || !attendance.isFull() || isContested()) {
            return;
        }
        startNs = System.nanoTime();
        state = State.RUNNING;
        final List<Endpoint> endpoints = new ArrayList<>(config.memberCount());
        for (int i = 0; i < config.memberCount(); i++) {
            endpoints.add(attendance.at(i).join().endpoint());
        }
        broadcast(
                ControlWriter.members(new Members(new Roster(sessionKey, FIRST_VIEW, config.worldSize(), endpoints))));
    }

    private boolean isContested() {
        for (final Caller contender : contenders) {
            if (contender != null) {
                return true;
            }
        }
        return false;
    }

    private String whyLater(final Caller caller, final Join join) {
        final Caller same = attendance.at(join.rank());
        final String who = attendance.name(join.rank());
        return who + " came from " + caller.connection().remote() + " while a job runs"
                + (same.stage() == Caller.Stage.PROVED
                        ? ", and " + who + " at " + same.connection().remote()
                                + " is still counted as present: its death is not known yet, or another process has"
                                + " its RANK, or its communicator is still open"
                        : "; " + who + " at " + same.connection().remote()
                                + " has left this job, and the next job starts when all have left")
                + "; " + attendance.presence();
    }

    private void onFailed(final Caller caller, final Failure wanted, final long nowNs) {
        Control.checkRanks(wanted.ranks(), config);
        if (wanted.kind() == Failure.Kind.LINK_LOST) {
            onSuspicion(caller, wanted, nowNs);
            return;
        }
        if (state == State.RUNNING) {
            fail(wanted, nowNs);
        } else if (state == State.JOINING && wanted.kind() == Failure.Kind.TIMEOUT) {
            // the join timeout of this member is over, which began before that of others; the job goes on without it
            final String text = attendance.name(caller.member()) + " gave up: " + wanted.message() + hints.get() + "; "
                    + attendance;
            final List<Integer> missing = attendance.missing();
            caller.dismiss(Cancelled.inVain(missing, text), nowNs);
            vacate(caller);
            if (attendance.any() == null) {
                cancel(Cancelled.inVain(missing, "everyone has given up, the last one: " + text), nowNs);
            }
        } else if (state == State.JOINING) {
            caller.end(nowNs);
            onDeparture(caller, attendance.name(caller.member()) + " gave up: " + wanted.message(), nowNs);
        }
    }

    /**
     * A member reports one of its own links as dead. The links of a stopped process look dead too. So both ends must have been
     * heard without a gap, and for some time after a pause. An end that has said goodbye sends nothing more, so its silence is no
     * sign. The member repeats its report while the link is dead.
     */
    private void onSuspicion(final Caller caller, final Failure suspicion, final long nowNs) {
        if (suspicion.ranks().size() != 2 || !suspicion.ranks().contains(caller.member())) {
            throw new ProtocolException(attendance.name(caller.member()) + " suspects a link of ranks="
                    + suspicion.ranks() + ", expected itself and another");
        }
        final long steadyNs = 2 * Control.mostGapNs(config.heartbeatIntervalNs());
        if (state == State.RUNNING
                && suspicion.ranks().stream()
                        .map(attendance::at)
                        .allMatch(end -> hasLeft(end) || end.isSteady(steadyNs, nowNs))) {
            final StringBuilder message = new StringBuilder(suspicion.message());
            for (final int end : suspicion.ranks()) {
                final boolean hasLeft = hasLeft(attendance.at(end));
                message.append(hasLeft ? "; " + attendance.name(end) + " has closed its communicator since" : "");
            }
            fail(new Failure(suspicion.kind(), suspicion.ranks(), message.toString()), nowNs);
        }
    }

    /** Whether a member of a running job has said goodbye. If its connection ends in another way, the job fails. */
    private static boolean hasLeft(final Caller member) {
        return member.stage() != Caller.Stage.PROVED;
    }

    private String notEveryone() {
        return "not everyone came within " + Control.seconds(config.joinTimeoutNs()) + hints.get()
                + ": start the missing ranks with WORLD_SIZE=" + config.worldSize()
                + " and this coordinator's address, " + config.host() + ":" + config.port()
                + " (SIGNVOTE_MASTER_ADDRESS and"
                + " SIGNVOTE_MASTER_PORT set it, else the launcher)"
                + (config.hasServer() && attendance.at(config.worldSize()) == null
                        ? ", the server by Communicator.serve or the command serve"
                        : "");
    }

    private void onLost(final Caller caller, final Failure.Kind kind, final String how, final long nowNs) {
        final String message = place(caller) + " " + how;
        if (state == State.RUNNING) {
            fail(new Failure(kind, List.of(caller.member()), message), nowNs);
        }
        caller.end(nowNs);
        onDeparture(caller, message, nowNs);
    }

    /** Handles a caller that is gone, with or without a BYE. */
    private void onDeparture(final Caller caller, final String message, final long nowNs) {
        if (state == State.JOINING) {
            if (contenders[caller.member()] != null) {
                vacate(caller);
            } else {
                cancel(Cancelled.inVain(List.of(caller.member()), message), nowNs);
            }
        } else if (attendance.presentCount() == 0) {
            if (state == State.RUNNING) {
                endNs = nowNs;
                state = State.OVER;
            }
            departed.countDown();
        }
    }

    /** Frees the place of a caller that is gone, for a caller that contends for it. */
    private void vacate(final Caller caller) {
        final int place = caller.member();
        final Caller contender = contenders[place];
        contenders[place] = null;
        if (contender != caller) {
            attendance.admit(place, contender);
        }
        startWhenAllCame();
    }

    private String place(final Caller caller) {
        return attendance.name(caller.member()) + " at " + caller.connection().remote();
    }

    private void fail(final Failure cause, final long nowNs) {
        failure = cause;
        endNs = nowNs;
        state = State.FAILED;
        broadcast(ControlWriter.failed(new Failed(cause)));
    }

    private void cancelTwins(final Caller first, final Caller second, final long nowNs) {
        cancelMismatch(
                List.of(first.member()),
                attendance.name(first.member()) + " came twice, from "
                        + first.connection().remote() + " and from "
                        + second.connection().remote() + ": give every process its own RANK; a rank that starts"
                        + " again and again waits until its death is known",
                nowNs);
    }

    private void cancelMismatch(final List<Integer> ranks, final String reason, final long nowNs) {
        mismatches.retell(Cancelled.refusal(ranks, reason + "; " + attendance), nowNs);
        cancel(Cancelled.refusal(ranks, reason), nowNs);
        for (int i = 0; i < config.memberCount(); i++) {
            if (attendance.at(i) != null) {
                mismatches.onTold(i);
            }
        }
    }

    private void cancel(final Cancelled reason, final long nowNs) {
        cancellation = new Cancelled(reason.isRetryable(), reason.ranks(), reason.message() + "; " + attendance);
        endNs = nowNs;
        state = State.CANCELLED;
        for (int i = 0; i < config.memberCount(); i++) {
            if (attendance.at(i) != null) {
                attendance.at(i).dismiss(cancellation, nowNs);
            }
            if (contenders[i] != null) {
                contenders[i].dismiss(cancellation, nowNs);
            }
        }
        departed.countDown();
        errorHandler.onError(new RendezvousException(cancellation.message()));
    }

    private void broadcast(final byte[] body) {
        for (int i = 0; i < config.memberCount(); i++) {
            final Caller caller = attendance.at(i);
            if (caller != null && caller.stage() == Caller.Stage.PROVED) {
                caller.tell(body);
            }
        }
    }
}
