package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Bye;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Heartbeat;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.transport.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.agrona.ErrorHandler;

/**
 * What the coordinator decides: whether all have come, whether the job can be at all, and what its first failure is. It knows
 * callers that have proved themselves and nothing of sockets. Owned by the coordinator's thread; the failure may be read by any.
 *
 * <pre>
 *   JOINING --all have come--> RUNNING --first failure--> RUNNING, failed
 *      '-----deadline, mismatch, departure-----> CANCELLED
 * </pre>
 */
final class JobState {
    private enum State {
        JOINING,
        RUNNING,
        CANCELLED
    }

    private static final int FIRST_VIEW = 1;

    private final RendezvousConfig config;
    private final long sessionKey;
    private final ErrorHandler errorHandler;
    private final Attendance attendance;
    private final CountDownLatch departed = new CountDownLatch(1);
    private State state = State.JOINING;
    private String cancellation;
    private volatile Failure failure;

    JobState(final RendezvousConfig config, final long sessionKey, final ErrorHandler errorHandler) {
        this.config = config;
        this.sessionKey = sessionKey;
        this.errorHandler = errorHandler;
        attendance = new Attendance(config);
    }

    /** The first failure, or null. */
    Failure failure() {
        return failure;
    }

    /** Opens when nobody is left in a job that ran, or when the job is cancelled. */
    CountDownLatch departed() {
        return departed;
    }

    /** Members that have come and neither left nor died. */
    int presentCount() {
        return attendance.presentCount();
    }

    boolean isJoining() {
        return state == State.JOINING;
    }

    /** A caller has proved itself and wants its place. */
    void onJoin(final Caller caller, final Join join, final long nowNs) {
        caller.onProved(join);
        if (state == State.CANCELLED) {
            dismiss(caller, cancellation, nowNs);
            return;
        }
        final String objection = objection(caller, join);
        if (state == State.RUNNING) {
            final String reason = objection == null ? "" : objection + "; ";
            dismiss(caller, reason + "the job has already started, " + attendance, nowNs);
        } else if (objection != null) {
            cancel(objection, nowNs);
            dismiss(caller, cancellation, nowNs);
        } else {
            attendance.admit(join.rank(), caller);
            caller.tell(ControlWriter.welcome(new Welcome(config.heartbeatIntervalNs(), config.suspicionTimeoutNs())));
            if (attendance.isFull()) {
                start();
            }
        }
    }

    /** A member said something. */
    void onMessage(final Caller caller, final ControlMessage message, final long nowNs) {
        if (message instanceof Failed failed) {
            onFailed(caller, failed.failure(), nowNs);
        } else if (message instanceof Bye) {
            caller.end(nowNs);
            onDeparture(caller, nowNs);
        } else if (!(message instanceof Heartbeat)) {
            throw new ProtocolException(attendance.name(caller.member()) + " sent a "
                    + message.getClass().getSimpleName() + ", which members do not send now");
        }
    }

    /** A member's connection has ended, or had to be ended. */
    void onGone(final Caller caller, final String how, final long nowNs) {
        onLost(caller, Failure.Kind.PEER_DIED, how, nowNs);
    }

    /** A member was not heard from for too long. */
    void onSilent(final Caller caller, final long nowNs) {
        onLost(
                caller,
                Failure.Kind.PEER_SILENT,
                "was silent for more than " + Control.seconds(config.suspicionTimeoutNs())
                        + ": its process is stopped or starved, or the network is cut; look at it, or raise the"
                        + " suspicion timeout",
                nowNs);
    }

    /** Not everyone has come in time. */
    void onDeadline(final String refusals, final long nowNs) {
        cancel(
                "not everyone came within " + Control.seconds(config.joinTimeoutNs()) + refusals
                        + ": start the missing ones with the same MASTER_ADDR, MASTER_PORT and WORLD_SIZE="
                        + config.worldSize()
                        + (config.hasServer() && attendance.at(config.worldSize()) == null
                                ? ", the server by Communicator.serve or the command serve"
                                : ""),
                nowNs);
    }

    /** Signs of life for all members. */
    void beat() {
        broadcast(ControlWriter.heartbeat());
    }

    /** Why a caller cannot be part of this job, or null where it can. */
    private String objection(final Caller caller, final Join join) {
        final String who = (join.role() == RendezvousConfig.Role.SERVER ? "a server" : "rank " + join.rank()) + " at "
                + caller.connection().remote();
        if (!join.job().equals(config.job())) {
            return who + " belongs to " + job(join.job()) + ", the coordinator serves " + job(config.job())
                    + ": two jobs share this address, give each its own MASTER_PORT, or signvote.job the same everywhere";
        }
        if (!join.build().isEmpty()
                && !config.build().isEmpty()
                && !join.build().equals(config.build())) {
            return who + " runs SignVote [" + join.build() + "], the coordinator runs [" + config.build()
                    + "]: run the same SignVote everywhere";
        }
        if (join.worldSize() != config.worldSize()) {
            return who + " expects worldSize=" + join.worldSize() + ", the coordinator expects worldSize="
                    + config.worldSize() + ": set WORLD_SIZE the same everywhere";
        }
        if (join.hasServer() != config.hasServer()) {
            return who + " expects a job " + withServer(join.hasServer()) + ", the coordinator expects one "
                    + withServer(config.hasServer()) + ": configure the plan the same everywhere";
        }
        final boolean isServer = join.role() == RendezvousConfig.Role.SERVER;
        if (isServer ? !config.hasServer() || join.rank() != config.worldSize() : join.rank() >= config.worldSize()) {
            return who + " gives rank=" + join.rank() + ", not in 0.." + (config.worldSize() - 1) + " of worldSize="
                    + config.worldSize() + ": give every process its own RANK from 0";
        }
        if (join.endpoint().objection() != null) {
            return who + " has " + join.endpoint().objection() + ": no job runs over frames that hold nothing";
        }
        final Caller same = attendance.at(join.rank());
        if (same != null) {
            return attendance.name(join.rank()) + " came twice, from "
                    + same.connection().remote() + " and from "
                    + caller.connection().remote()
                    + ": give every process its own RANK";
        }
        final Caller other = attendance.any();
        if (other != null && !other.join().settings().equals(join.settings())) {
            return "settings differ: " + attendance.name(other.member()) + " has ["
                    + other.join().settings() + "], " + who + " has [" + join.settings()
                    + "]: configure them the same everywhere";
        }
        return null;
    }

    private static String job(final String id) {
        return id.isEmpty() ? "a job without an id" : "job [" + id + "]";
    }

    private static String withServer(final boolean hasServer) {
        return hasServer ? "with a pure server" : "without a server";
    }

    private void start() {
        state = State.RUNNING;
        final List<Endpoint> endpoints = new ArrayList<>(config.memberCount());
        for (int i = 0; i < config.memberCount(); i++) {
            endpoints.add(attendance.at(i).join().endpoint());
        }
        broadcast(
                ControlWriter.members(new Members(new Roster(sessionKey, FIRST_VIEW, config.worldSize(), endpoints))));
    }

    private void onFailed(final Caller caller, final Failure wanted, final long nowNs) {
        if (wanted.culprit() >= config.memberCount()) {
            throw new ProtocolException(attendance.name(caller.member()) + " blames member " + wanted.culprit() + " of "
                    + config.memberCount());
        }
        if (state == State.RUNNING) {
            fail(wanted);
        } else {
            cancel(attendance.name(caller.member()) + " gave up: " + wanted.message(), nowNs);
        }
    }

    private void onDeparture(final Caller caller, final long nowNs) {
        if (state == State.JOINING) {
            cancel(place(caller) + " left before everyone had come", nowNs);
        } else if (attendance.presentCount() == 0) {
            departed.countDown();
        }
    }

    private void onLost(final Caller caller, final Failure.Kind kind, final String how, final long nowNs) {
        final String message = place(caller) + " " + how;
        if (state == State.JOINING) {
            cancel(message, nowNs);
        } else if (state == State.RUNNING) {
            fail(new Failure(kind, caller.member(), message));
        }
        caller.end(nowNs);
        onDeparture(caller, nowNs);
    }

    private String place(final Caller caller) {
        return attendance.name(caller.member()) + " at " + caller.connection().remote();
    }

    private void fail(final Failure cause) {
        if (failure == null) {
            failure = cause;
            broadcast(ControlWriter.failed(new Failed(cause)));
        }
    }

    private void cancel(final String reason, final long nowNs) {
        if (state != State.JOINING) {
            return;
        }
        state = State.CANCELLED;
        cancellation = reason + "; " + attendance;
        for (int i = 0; i < config.memberCount(); i++) {
            if (attendance.at(i) != null) {
                dismiss(attendance.at(i), cancellation, nowNs);
            }
        }
        departed.countDown();
        errorHandler.onError(new RendezvousException(cancellation));
    }

    private static void dismiss(final Caller caller, final String message, final long nowNs) {
        if (caller.stage() == Caller.Stage.PROVED) {
            caller.tell(ControlWriter.cancelled(new Cancelled(message)));
            caller.end(nowNs);
        }
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
