package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;

/**
 * The coordinator's thread: accepts, reads, writes, and measures time. It handles strangers itself, and passes the
 * messages of callers that have proved themselves to the {@link JobState}. That thread owns everything except the
 * volatile fields.
 */
final class CoordinatorLoop implements Runnable {
    /** Number of strangers allowed beyond one connection of every member. If more come, the oldest is closed. */
    static final int SPARE_STRANGERS = 64;

    private static final int MAX_ACCEPTS_PER_PASS = 64;
    private static final int MAX_FAULTS = 16;
    private static final long ACCEPT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RendezvousConfig config;
    private final ServerSocketChannel server;
    private final InetAddress host;
    private final SecureRandom random;
    private final NanoClock clock;
    private final Reports reports;
    private final Selector selector;
    private final SelectionKey serverKey;
    private final byte[] secret;
    private final int maxStrangers;
    private final Set<Caller> callers = new LinkedHashSet<>();
    private final Mismatches mismatches;
    private final long silenceNs;
    private JobState job;
    private JobState previous;
    private long nextBeatNs;
    private long lastPassNs;
    private long acceptPausedUntilNs;
    private String lastRefusal = "";
    private int faultsLeft = MAX_FAULTS;
    private volatile long refusedCount;
    private volatile int presentCount;
    private volatile JobState lastJoined;
    private volatile JobState lastRun;
    private volatile boolean isClosing;

    CoordinatorLoop(
            final RendezvousConfig config,
            final ServerSocketChannel server,
            final SecureRandom random,
            final NanoClock clock,
            final ErrorHandler errorHandler)
            throws IOException {
        this.config = config;
        this.server = server;
        host = ((InetSocketAddress) server.getLocalAddress()).getAddress();
        this.random = random;
        this.clock = clock;
        reports = new Reports(errorHandler);
        mismatches = new Mismatches(config);
        job = newJob();
        lastJoined = job;
        lastRun = job;
        silenceNs = Control.silenceNs(config.heartbeatIntervalNs(), config.suspicionTimeoutNs());
        secret = config.secret();
        maxStrangers = config.memberCount() + SPARE_STRANGERS;
        selector = Selector.open();
        server.configureBlocking(false);
        serverKey = server.register(selector, SelectionKey.OP_ACCEPT);
        lastPassNs = clock.nanoTime();
        nextBeatNs = lastPassNs + config.heartbeatIntervalNs();
        acceptPausedUntilNs = lastPassNs;
    }

    /** The first failure of the job that ran last. Thread-safe. */
    Failure failure() {
        return lastRun.failure();
    }

    /** Latch that opens when no member is left in the job that ran last. Thread-safe. */
    CountDownLatch departed() {
        return lastRun.departed();
    }

    /** The last job that a member joined, or the first job. Thread-safe. */
    JobState lastJoined() {
        return lastJoined;
    }

    /** Number of connections refused so far. Thread-safe. */
    long refusedCount() {
        return refusedCount;
    }

    /** Number of members that are present. Thread-safe. */
    int presentCount() {
        return presentCount;
    }

    /** Requests the end of the loop. Thread-safe. */
    void close() {
        isClosing = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!isClosing) {
                passOrFail();
            }
            farewell();
        } catch (final IOException | RuntimeException | Error e) {
            reports.tell(new RendezvousException(
                    "the coordinator on port " + server.socket().getLocalPort() + " has failed and serves no more job: "
                            + e,
                    e));
        } finally {
            callers.forEach(Caller::close);
            CloseHelper.quietCloseAll(server, selector);
        }
    }

    /**
     * Makes one pass. An error of the coordinator itself ends the current job, and the next job may succeed. After many
     * errors in a row the loop ends.
     */
    private void passOrFail() throws IOException {
        try {
            pass();
        } catch (final IOException | RuntimeException | Error e) {
            if (--faultsLeft <= 0) {
                throw e;
            }
            final String what = "the coordinator on port " + server.socket().getLocalPort() + " has failed: " + e;
            reports.tell(new RendezvousException(what, e));
            selector.selectedKeys().clear();
            job.onFault(what, lastPassNs);
            follow(lastPassNs);
        }
    }

    private void pass() throws IOException {
        selector.select(waitMs());
        final long nowNs = clock.nanoTime();
        excuse(nowNs);
        for (final SelectionKey key : selector.selectedKeys()) {
            if (!key.isValid()) {
                continue;
            }
            if (key == serverKey) {
                accept(nowNs);
            } else {
                serve((Caller) key.attachment(), nowNs);
                follow(nowNs);
            }
        }
        selector.selectedKeys().clear();
        keepTime(nowNs);
        follow(nowNs);
        presentCount = job.presentCount();
        callers.removeIf(caller -> caller.stage() == Caller.Stage.CLOSED);
    }

    /** If this process itself was stopped for long, no silence counts: callers may have sent frames meanwhile. */
    private void excuse(final long nowNs) {
        if (nowNs - lastPassNs > config.heartbeatIntervalNs() + config.suspicionTimeoutNs() / 2) {
            callers.forEach(caller -> caller.onExcused(nowNs));
        }
        lastPassNs = nowNs;
    }

    /** Follows the state of the job, and opens the next job when it has ended. */
    private void follow(final long nowNs) {
        if (job.state() != JobState.State.IDLE) {
            lastJoined = job;
        }
        if (job.startNs() != 0 && lastRun != job) {
            lastRun = job;
            reports.reset();
            faultsLeft = MAX_FAULTS;
            // the ranks of this job have left earlier jobs: connections of earlier jobs are of no use
            for (final Caller caller : callers) {
                if (caller.stage() == Caller.Stage.PROVED && caller.job() != job) {
                    caller.end(nowNs);
                    caller.job().onForgotten();
                }
            }
        }
        if (!job.isOpen()) {
            previous = job;
            job = newJob();
        }
    }

    private JobState newJob() {
        return new JobState(config, random.nextLong(), this::hints, mismatches, reports::caused);
    }

    private void accept(final long nowNs) {
        try {
            for (int i = 0; i < MAX_ACCEPTS_PER_PASS; i++) {
                final SocketChannel channel = server.accept();
                if (channel == null) {
                    return;
                }
                admit(channel, nowNs);
            }
        } catch (final IOException e) {
            // most likely out of file descriptors: close a stranger and try again in a moment
            refuseOldestStranger("accept failed: " + e.getMessage());
            serverKey.interestOps(0);
            acceptPausedUntilNs = nowNs + ACCEPT_PAUSE_NS;
        }
    }

    private void admit(final SocketChannel channel, final long nowNs) {
        if (strangerCount() >= maxStrangers) {
            refuseOldestStranger("more than " + maxStrangers + " connections had not proved themselves");
        }
        try {
            final ControlConnection connection = new ControlConnection(channel);
            final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            final Caller caller = new Caller(
                    connection,
                    key,
                    nowNs + config.suspicionTimeoutNs(),
                    Control.mostGapNs(config.heartbeatIntervalNs()));
            key.attach(caller);
            callers.add(caller);
        } catch (final IOException e) {
            CloseHelper.quietClose(channel);
        }
    }

    private int strangerCount() {
        int count = 0;
        for (final Caller caller : callers) {
            count += caller.isStranger() ? 1 : 0;
        }
        return count;
    }

    private void refuseOldestStranger(final String why) {
        for (final Caller caller : callers) {
            if (caller.isStranger()) {
                refuse(caller, why);
                return;
            }
        }
    }

    /** Reads once and answers. An error of one connection ends only that connection. */
    private void serve(final Caller caller, final long nowNs) {
        try {
            if (caller.key().isWritable()) {
                caller.flush();
            }
            final int length = caller.connection().read();
            byte[] frame;
            while (!caller.isLeaving() && (frame = caller.connection().poll()) != null) {
                onFrame(caller, frame, nowNs);
            }
            if (caller.isLeaving()) {
                caller.connection().discard();
            }
            if (length < 0) {
                onGone(
                        caller,
                        caller.stage() == Caller.Stage.PROVED
                                ? "closed its control connection without a BYE: its process has died; see its output"
                                : "left before it had joined; see its output",
                        nowNs);
                caller.close();
            }
        } catch (final IOException e) {
            onGone(
                    caller,
                    "lost its control connection (" + e.getMessage() + "): its process has died; see its output",
                    nowNs);
            caller.close();
        } catch (final RuntimeException | Error e) {
            onGone(caller, "broke the control protocol, its connection is closed: " + e.getMessage(), nowNs);
        }
    }

    private void onFrame(final Caller caller, final byte[] frame, final long nowNs) throws IOException {
        caller.onHeard(nowNs);
        switch (caller.stage()) {
            case GREETING -> onHello(caller, frame, nowNs);
            case CHALLENGED -> onProof(caller, frame, nowNs);
            case PROVED ->
                caller.job()
                        .onMessage(
                                caller, ControlReader.read(caller.connection().open(frame)), nowNs);
            default -> throw new IllegalStateException("frame in stage " + caller.stage());
        }
    }

    private void onHello(final Caller caller, final byte[] body, final long nowNs) {
        final int version = ControlReader.version(body);
        if (version != Control.VERSION) {
            refuse(
                    caller,
                    Refused.VERSION,
                    "speaks control protocol version " + version + ", expected " + Control.VERSION
                            + ": run the same SignVote everywhere",
                    nowNs);
            return;
        }
        if (!(ControlReader.read(body) instanceof Hello)) {
            throw new ProtocolException("expected a Hello");
        }
        final byte[] nonce = new byte[Control.NONCE_LENGTH];
        random.nextBytes(nonce);
        final byte[] challenge = ControlWriter.challenge(new Challenge(nonce));
        caller.tell(challenge);
        caller.onChallenged(Seal.fromCoordinator(secret, body, challenge), Seal.fromMember(secret, body, challenge));
    }

    private void onProof(final Caller caller, final byte[] frame, final long nowNs) throws IOException {
        final byte[] body;
        try {
            body = caller.connection().open(frame);
        } catch (final ProtocolException e) {
            refuse(
                    caller,
                    Refused.SECRET,
                    "does not hold the secret of this job: give every process the same, where " + Control.SECRET_REMEDY,
                    nowNs);
            return;
        }
        if (!(ControlReader.read(body) instanceof Join join)) {
            throw new ProtocolException("expected a Join");
        }
        caller.onProved(join);
        if (hasClosed(caller)) {
            caller.close(); // it has given up since it said so: nobody is there for the place
            return;
        }
        final String otherJob = Objections.otherJob(config, caller, join);
        if (otherJob != null) {
            countRefusal(caller, otherJob);
            caller.dismiss(Cancelled.refusal(List.of(), otherJob), nowNs);
            return;
        }
        if (isClosing && isGathering()) {
            sendAway(caller, nowNs);
        } else {
            job.onJoin(caller, join, nowNs);
        }
    }

    private static boolean hasClosed(final Caller caller) {
        try {
            return caller.connection().read() < 0;
        } catch (final IOException e) {
            return true;
        }
    }

    /**
     * Handles a connection that has ended or must end, at any stage. The caller may have proved itself without a job.
     */
    private void onGone(final Caller caller, final String how, final long nowNs) {
        if (caller.isLeaving()) {
            return;
        }
        if (caller.job() == null) {
            refuse(caller, how);
        } else {
            caller.job().onGone(caller, how, nowNs);
        }
    }

    /** Sends a stranger the reason before its connection is closed. */
    private void refuse(final Caller caller, final int reason, final String why, final long nowNs) {
        countRefusal(caller, why);
        caller.onRefused();
        caller.tell(ControlWriter.refused(new Refused(reason)));
        caller.end(nowNs);
    }

    private void refuse(final Caller caller, final String why) {
        if (caller.stage() != Caller.Stage.ENDING) {
            countRefusal(caller, why);
        }
        caller.close();
    }

    private void countRefusal(final Caller caller, final String why) {
        lastRefusal = caller.connection().remote() + " " + why;
        refusedCount = refusedCount + 1;
        reports.caused(new RendezvousException("refused a connection: " + lastRefusal));
    }

    private void keepTime(final long nowNs) {
        final boolean isBeat = nowNs - nextBeatNs >= 0;
        for (final Caller caller : callers) {
            if (caller.stage() == Caller.Stage.PROVED) {
                if (nowNs - caller.quietSinceNs() > silenceNs
                        || caller.connection().waitingLength() > Control.MAX_WAITING_LENGTH) {
                    caller.job().onSilent(caller, nowNs);
                }
            } else if (caller.stage() != Caller.Stage.CLOSED && nowNs - caller.deadlineNs() >= 0) {
                refuse(caller, "did not prove itself in time: a stranger, or a member that is slow and comes again");
            }
        }
        if (isBeat) {
            callers.stream()
                    .filter(caller -> caller.stage() == Caller.Stage.PROVED)
                    .forEach(caller -> caller.tell(ControlWriter.heartbeat()));
            nextBeatNs = nowNs + config.heartbeatIntervalNs();
        }
        job.keepTime(nowNs);
        if (serverKey.interestOps() == 0 && nowNs - acceptPausedUntilNs >= 0) {
            serverKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    /** Hints that may explain why a member is missing. */
    private String hints() {
        final long nowNs = clock.nanoTime();
        return (refusedCount == 0 ? "" : " (refused connections: " + refusedCount + ", the last: " + lastRefusal + ")")
                + (previous == null ? "" : previous.epitaph(nowNs))
                + mismatches.hint(nowNs)
                + loopback();
    }

    /** A hint if this host listens on loopback. Members on other hosts cannot reach it, and do not know the reason. */
    private String loopback() {
        return host.isLoopbackAddress() && !config.host().equals("127.0.0.1")
                ? " (rank 0 listens on loopback only, so ranks of other hosts cannot reach it: " + config.host()
                        + " is " + host.getHostAddress()
                        + " here, set SIGNVOTE_MASTER_ADDRESS to another address of this host)"
                : "";
    }

    /** Time until the next event is due. */
    private long waitMs() {
        final long nowNs = clock.nanoTime();
        long waitNs = nextBeatNs - nowNs;
        if (job.state() == JobState.State.JOINING) {
            waitNs = Math.min(waitNs, job.joinDeadlineNs() - nowNs);
        }
        if (serverKey.interestOps() == 0) {
            waitNs = Math.min(waitNs, acceptPausedUntilNs - nowNs);
        }
        for (final Caller caller : callers) {
            final long dueNs =
                    caller.stage() == Caller.Stage.PROVED ? caller.quietSinceNs() + silenceNs : caller.deadlineNs();
            waitNs = Math.min(waitNs, dueNs - nowNs);
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNs) + 1);
    }

    /**
     * Gives all callers a limited time to read their last messages. While ranks gather, it also waits for connections
     * that have not proved themselves. Otherwise their ranks would dial in vain until their deadline.
     */
    private void farewell() throws IOException {
        final long startNs = clock.nanoTime();
        final boolean isGathering = isGathering();
        for (int i = 0; i <= config.memberCount() / MAX_ACCEPTS_PER_PASS; i++) {
            accept(startNs);
        }
        server.close();
        selector.selectNow(); // until then the port still takes connections
        for (final Caller caller : callers) {
            if (caller.stage() == Caller.Stage.PROVED) {
                if (isGathering && caller.job() == job) {
                    sendAway(caller, startNs);
                }
                caller.end(startNs);
            } else if (caller.stage() != Caller.Stage.ENDING && !isGathering) {
                caller.close();
            }
        }
        long leftNs = Control.FAREWELL_TIMEOUT_NS;
        callers.removeIf(caller -> caller.stage() == Caller.Stage.CLOSED);
        while (!callers.isEmpty() && leftNs > 0) {
            selector.select(TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
            for (final SelectionKey key : selector.selectedKeys()) {
                if (key.isValid() && key.attachment() instanceof Caller caller) {
                    serve(caller, startNs);
                }
            }
            selector.selectedKeys().clear();
            callers.removeIf(caller -> caller.stage() == Caller.Stage.CLOSED);
            leftNs = startNs + Control.FAREWELL_TIMEOUT_NS - clock.nanoTime();
        }
    }

    /**
     * Whether ranks may still come for a job: a job gathers members, or no job has run since the last one was
     * cancelled.
     */
    private boolean isGathering() {
        return job.state() == JobState.State.JOINING
                || job.state() == JobState.State.IDLE && (previous == null || previous.isCancelled());
    }

    /**
     * Answers a rank that comes just after a job was cancelled. It gets the same reason as the ranks that came before.
     */
    private void sendAway(final Caller caller, final long nowNs) {
        final String mismatch = Objections.mismatch(config, caller, caller.join());
        final int place = Objections.place(config, caller.join());
        if (mismatch != null) {
            caller.dismiss(JobState.refusal(place, mismatch), nowNs);
            return;
        }
        final Cancelled mistake = mismatches.untold(place, nowNs);
        final Cancelled untold = mistake != null || previous == null ? mistake : previous.untold(place, nowNs);
        if (untold != null) {
            caller.dismiss(untold, nowNs);
        } else {
            caller.postpone(
                    new Later("the coordinator closed before everyone had come: rank 0, or the launcher, has ended"
                            + " or starts again"),
                    nowNs);
        }
    }
}
