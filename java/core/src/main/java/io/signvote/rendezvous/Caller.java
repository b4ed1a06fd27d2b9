package io.signvote.rendezvous;

import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Later;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/** One connection that the coordinator accepted: a stranger until it has proved itself, then a member. */
final class Caller {
    /** How far it has come. */
    enum Stage {
        /** Nothing came from it yet. */
        GREETING,
        /** It was asked to prove itself. */
        CHALLENGED,
        /** It proved itself; whether it has a place in the job, {@link Caller#member} says. */
        PROVED,
        /** It was told all it will be told; what it still sends is thrown away until it closes. */
        ENDING,
        /** Its connection is closed. */
        CLOSED
    }

    private final ControlConnection connection;
    private final SelectionKey key;
    private Stage stage = Stage.GREETING;
    private ControlMessage.Join join;
    private JobState job;
    private int member = -1;
    private final long mostGapNs;
    private long heardNs;
    private long steadySinceNs;
    private long quietSinceNs;
    private long deadlineNs;

    /** A new connection, which has until deadlineNs to prove itself. A live one is heard again within mostGapNs. */
    Caller(final ControlConnection connection, final SelectionKey key, final long deadlineNs, final long mostGapNs) {
        this.connection = connection;
        this.key = key;
        this.deadlineNs = deadlineNs;
        this.mostGapNs = mostGapNs;
    }

    ControlConnection connection() {
        return connection;
    }

    /** Its place in the selector. */
    SelectionKey key() {
        return key;
    }

    Stage stage() {
        return stage;
    }

    /** What it said of itself when it proved itself. */
    ControlMessage.Join join() {
        return join;
    }

    /** Whether it has not proved itself. */
    boolean isStranger() {
        return join == null && stage != Stage.CLOSED;
    }

    /** Whether nothing that it says is of any use. */
    boolean isLeaving() {
        return stage == Stage.ENDING || stage == Stage.CLOSED;
    }

    /** The job that it joined, or null. */
    JobState job() {
        return job;
    }

    /** Its place in the job, or -1 where it has none. */
    int member() {
        return member;
    }

    /** When it was last heard from. */
    long heardNs() {
        return heardNs;
    }

    /** Whether it was heard without a gap for this long, until now. */
    boolean isSteady(final long durationNs, final long nowNs) {
        return nowNs - heardNs <= mostGapNs && nowNs - steadySinceNs >= durationNs;
    }

    /** Since when its silence counts. */
    long quietSinceNs() {
        return quietSinceNs;
    }

    /** When it must have come further, unless it is PROVED. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** It is alive. */
    void onHeard(final long nowNs) {
        if (nowNs - heardNs > mostGapNs) {
            steadySinceNs = nowNs;
        }
        heardNs = nowNs;
        quietSinceNs = nowNs;
    }

    /** It may have spoken while the coordinator itself was not running; that it lives is not known. */
    void onExcused(final long nowNs) {
        quietSinceNs = nowNs;
    }

    /** It said hello and got a challenge, so that frames have tags from now on. */
    void onChallenged(final Seal toMember, final Seal toCoordinator) {
        connection.seal(toMember, toCoordinator);
        connection.maxFrameLength(Control.MAX_REQUEST_LENGTH);
        stage = Stage.CHALLENGED;
    }

    /** It did not prove itself, and is told so without a tag, which would be of use to someone who guesses secrets. */
    void onRefused() {
        connection.seal(null, null);
    }

    /** It proved itself. */
    void onProved(final ControlMessage.Join join) {
        this.join = join;
        stage = Stage.PROVED;
    }

    /** It has a place in this job, or contends for one; all it says from now on is said to this job. */
    void onAdmitted(final JobState admitting, final int place) {
        job = admitting;
        member = place;
    }

    /** Tells it that there is no job for it, and ends. */
    void dismiss(final Cancelled cancelled, final long nowNs) {
        if (stage == Stage.PROVED) {
            tell(ControlWriter.cancelled(cancelled));
            end(nowNs);
        }
    }

    /** Tells it to dial again, and ends. */
    void postpone(final Later later, final long nowNs) {
        if (stage == Stage.PROVED) {
            tell(ControlWriter.later(later));
            end(nowNs);
        }
    }

    /** Sends a message; where that fails, the next read finds out. */
    void tell(final byte[] body) {
        if (stage != Stage.CLOSED) {
            connection.send(body);
            flush();
        }
    }

    /** Writes what waits, and says that nothing more comes where that was the last. */
    void flush() {
        try {
            final boolean isDone = connection.flush();
            key.interestOps(isDone ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            if (isDone && stage == Stage.ENDING) {
                connection.shutdownOutput();
            }
        } catch (final IOException e) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /** Nothing more will be said; it has a moment to read what was said and to close. */
    void end(final long nowNs) {
        if (stage != Stage.ENDING && stage != Stage.CLOSED) {
            stage = Stage.ENDING;
            deadlineNs = nowNs + Control.FAREWELL_TIMEOUT_NS;
            flush();
        }
    }

    /** Closes the connection at once. */
    void close() {
        stage = Stage.CLOSED;
        key.cancel();
        connection.close();
    }
}
