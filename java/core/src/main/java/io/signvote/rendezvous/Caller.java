package io.signvote.rendezvous;

import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Later;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * One connection that the coordinator has accepted. It is a stranger until it proves that it holds the secret, and then
 * a member. Owned by the coordinator's thread.
 */
final class Caller {
    /** Progress of the connection. */
    enum Stage {
        /** It has sent nothing yet. */
        GREETING,
        /** The coordinator has sent it a challenge. */
        CHALLENGED,
        /** It has proved itself. {@link Caller#member} is its place in the job, if it has one. */
        PROVED,
        /** The coordinator has sent its last message. It discards all that arrives until the caller closes. */
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

    /** Makes a caller that must prove itself until deadlineNs. A live caller sends something within mostGapNs. */
    Caller(final ControlConnection connection, final SelectionKey key, final long deadlineNs, final long mostGapNs) {
        this.connection = connection;
        this.key = key;
        this.deadlineNs = deadlineNs;
        this.mostGapNs = mostGapNs;
    }

    ControlConnection connection() {
        return connection;
    }

    /** Its key in the selector. */
    SelectionKey key() {
        return key;
    }

    Stage stage() {
        return stage;
    }

    /** The Join by which it proved itself. */
    ControlMessage.Join join() {
        return join;
    }

    /** Whether it has not proved itself. */
    boolean isStranger() {
        return join == null && stage != Stage.CLOSED;
    }

    /** Whether its messages no longer matter. */
    boolean isLeaving() {
        return stage == Stage.ENDING || stage == Stage.CLOSED;
    }

    /** The job that it joined, or null. */
    JobState job() {
        return job;
    }

    /** Its place in the job, or -1 if it has none. */
    int member() {
        return member;
    }

    /** Time of its last frame. */
    long heardNs() {
        return heardNs;
    }

    /** Whether it was heard without a gap for this long, until now. */
    boolean isSteady(final long durationNs, final long nowNs) {
        return nowNs - heardNs <= mostGapNs && nowNs - steadySinceNs >= durationNs;
    }

    /** Time from which its silence counts. */
    long quietSinceNs() {
        return quietSinceNs;
    }

    /** Time by which it must reach the next stage, unless it is PROVED. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** Notes a frame: the caller is alive. */
    void onHeard(final long nowNs) {
        if (nowNs - heardNs > mostGapNs) {
            steadySinceNs = nowNs;
        }
        heardNs = nowNs;
        quietSinceNs = nowNs;
    }

    /**
     * Starts the silence anew after a pause of the coordinator itself. The caller may have sent frames meanwhile, but
     * need not be alive.
     */
    void onExcused(final long nowNs) {
        quietSinceNs = nowNs;
    }

    /** Notes that the challenge is sent. From now on frames have tags. */
    void onChallenged(final Seal toMember, final Seal toCoordinator) {
        connection.seal(toMember, toCoordinator);
        connection.maxFrameLength(Control.MAX_REQUEST_LENGTH);
        stage = Stage.CHALLENGED;
    }

    /** Removes the tags, because the caller did not prove itself. A tag would help someone who guesses secrets. */
    void onRefused() {
        connection.seal(null, null);
    }

    /** Notes that the caller has proved itself. */
    void onProved(final ControlMessage.Join join) {
        this.join = join;
        stage = Stage.PROVED;
    }

    /** Notes that the caller has a place in this job, or contends for one. Its messages now belong to this job. */
    void onAdmitted(final JobState admitting, final int place) {
        job = admitting;
        member = place;
    }

    /** Sends the reason why there is no job for it, and ends. */
    void dismiss(final Cancelled cancelled, final long nowNs) {
        if (stage == Stage.PROVED) {
            tell(ControlWriter.cancelled(cancelled));
            end(nowNs);
        }
    }

    /** Sends a request to dial again, and ends. */
    void postpone(final Later later, final long nowNs) {
        if (stage == Stage.PROVED) {
            tell(ControlWriter.later(later));
            end(nowNs);
        }
    }

    /** Sends a message. If that fails, the next read detects it. */
    void tell(final byte[] body) {
        if (stage != Stage.CLOSED) {
            connection.send(body);
            flush();
        }
    }

    /** Writes the waiting output. After the last message it closes the output side. */
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

    /** Ends the connection after the last message. The caller has one second to read it and to close. */
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
