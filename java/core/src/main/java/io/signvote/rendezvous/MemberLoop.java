package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Heartbeat;
import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Refused;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.transport.Endpoint;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.CloseHelper;

/**
 * The member's thread. It proves itself and waits for the roster. Then it sends heartbeats and receives messages. That
 * thread owns everything except the requests and results of other threads.
 *
 * <pre>
 *   GREETED --challenge--> ASKED --welcome--> WELCOMED --roster--> IN --close()--> LEAVING --> OVER
 *      '-------- closed, silent, later: dial again --------'         '-- closed, failed --'
 * </pre>
 */
final class MemberLoop implements Runnable {
    private static final long MAX_JOIN_DELAY_NS = TimeUnit.SECONDS.toNanos(2);

    private enum Stage {
        GREETED,
        ASKED,
        WELCOMED,
        IN,
        LEAVING,
        OVER
    }

    private final RendezvousConfig config;
    private final String who;
    private final Dialer dialer;
    private final Endpoint own;
    private final byte[] secret;
    private final Selector selector;
    private final CompletableFuture<Roster> roster = new CompletableFuture<>();
    private final AtomicReference<Failure> wanted = new AtomicReference<>();
    private final AtomicReference<Failure> suspected = new AtomicReference<>();
    private ControlConnection connection;
    private SelectionKey key;
    private Stage stage = Stage.GREETED;
    private byte[] hello;
    private long heartbeatIntervalNs;
    private volatile long suspicionTimeoutNs;
    private long deadlineNs;
    private long nextBeatNs;
    private long answerDueNs;
    private long heardNs;
    private long lastPassNs;
    private long joinDelayNs = -1;
    private String lastAnswerKind = "";
    private boolean hasSentWanted;
    private boolean hasGivenUp;
    private volatile Failure failure;
    private volatile boolean isClosing;

    MemberLoop(
            final RendezvousConfig config,
            final String who,
            final Dialer dialer,
            final ControlConnection connection,
            final Endpoint own)
            throws IOException {
        this.config = config;
        this.who = who;
        this.dialer = dialer;
        this.connection = connection;
        this.own = own;
        secret = config.secret();
        deadlineNs = dialer.deadlineNs();
        selector = Selector.open();
    }

    /** Completes with the roster, or with the reason why there is none. */
    CompletableFuture<Roster> roster() {
        return roster;
    }

    /** The first failure of the job, or null. Thread-safe. */
    Failure failure() {
        return failure;
    }

    /** Requests a failure of the job. Thread-safe. */
    void fail(final Failure asked) {
        if (wanted.compareAndSet(null, asked)) {
            selector.wakeup();
        }
    }

    /** Requests to report a dead link. The last request counts. Thread-safe. */
    void suspect(final Failure asked) {
        suspected.set(asked);
        selector.wakeup();
    }

    /** The suspicion timeout of the coordinator; 0 before the Welcome. Thread-safe. */
    long suspicionTimeoutNs() {
        return suspicionTimeoutNs;
    }

    /** Requests the loop to leave. Thread-safe. */
    void close() {
        isClosing = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            greet();
            flush();
            while (stage != Stage.OVER) {
                pass();
            }
        } catch (final IOException | RuntimeException e) {
            // the dialer knows whether it waited in vain until the deadline
            end(e.getMessage(), List.of(), e instanceof RendezvousException dialled && dialled.isRetryable());
        } finally {
            roster.completeExceptionally(
                    new RendezvousException(who + ": closed before everyone had come", List.of(), true));
            connection.close();
            CloseHelper.quietClose(selector);
        }
    }

    private void greet() throws IOException {
        key = connection.channel().register(selector, SelectionKey.OP_READ);
        lastPassNs = System.nanoTime();
        answerDueNs = lastPassNs + config.suspicionTimeoutNs();
        hello = ControlWriter.hello(new Hello(nonce()));
        stage = Stage.GREETED;
        send(hello);
    }

    private static byte[] nonce() {
        final byte[] nonce = new byte[Control.NONCE_LENGTH];
        new SecureRandom().nextBytes(nonce);
        return nonce;
    }

    private void pass() throws IOException {
        selector.select(waitMs());
        selector.selectedKeys().clear();
        final long nowNs = System.nanoTime();
        if (nowNs - lastPassNs > heartbeatIntervalNs + suspicionTimeoutNs / 2) {
            heardNs = nowNs; // it was we who were not running; what waits in the socket tells what became of us
        }
        lastPassNs = nowNs;
        receive(nowNs);
        doAsAsked(nowNs);
        keepTime(nowNs);
        flush();
    }

    private void receive(final long nowNs) throws IOException {
        final ControlConnection current = connection;
        try {
            final int length = current.read();
            byte[] frame;
            while (stage != Stage.OVER && stage != Stage.LEAVING && (frame = connection.poll()) != null) {
                onFrame(frame, nowNs);
            }
            if (stage == Stage.LEAVING) {
                connection.discard();
            }
            if (length < 0 && current == connection) {
                onClosed("closed the control connection");
            }
        } catch (final ProtocolException e) {
            onNonsense(e.getMessage());
        } catch (final IOException e) {
            onClosed("lost the control connection: " + e.getMessage());
        }
    }

    private void onFrame(final byte[] frame, final long nowNs) throws IOException {
        heardNs = nowNs;
        switch (stage) {
            case GREETED -> onGreeting(frame);
            case ASKED -> onAnswer(frame, nowNs);
            default -> onMessage(ControlReader.read(connection.open(frame)));
        }
    }

    private void onGreeting(final byte[] frame) {
        final int version = ControlReader.version(frame);
        if (version != Control.VERSION) {
            end(coordinator() + " speaks control protocol version " + version + ", expected " + Control.VERSION
                    + ": run the same SignVote everywhere");
            return;
        }
        final ControlMessage message = ControlReader.read(frame);
        if (message instanceof Refused) {
            end(coordinator() + " refused us: run the same SignVote everywhere");
        } else if (message instanceof Challenge) {
            connection.seal(Seal.fromMember(secret, hello, frame), Seal.fromCoordinator(secret, hello, frame));
            connection.maxFrameLength(Control.MAX_REPLY_LENGTH);
            stage = Stage.ASKED;
            if (joinDelayNs < 0) {
                joinDelayNs = Math.min(MAX_JOIN_DELAY_NS, System.nanoTime() - (deadlineNs - config.joinTimeoutNs()));
            }
            send(ControlWriter.join(new Join(
                    config.rank(),
                    config.worldSize(),
                    config.hasServer(),
                    config.role(),
                    own,
                    config.settings(),
                    config.job(),
                    config.build())));
        } else {
            throw new ProtocolException("expected a Challenge");
        }
    }

    /**
     * Handles the answer to the Join. Only a Refused is shorter than a tag. Any other answer proves the coordinator.
     */
    private void onAnswer(final byte[] frame, final long nowNs) throws IOException {
        if (frame.length < Seal.TAG_LENGTH && ControlReader.read(frame) instanceof Refused) {
            end(coordinator() + " refused us, the secrets differ: give every process the same, where "
                    + Control.SECRET_REMEDY);
            return;
        }
        final byte[] body;
        try {
            body = connection.open(frame);
        } catch (final ProtocolException e) {
            end(coordinator() + " does not hold the secret of this job: give every process the same, where "
                    + Control.SECRET_REMEDY);
            return;
        }
        final ControlMessage message = ControlReader.read(body);
        if (message instanceof Welcome welcome) {
            heartbeatIntervalNs = welcome.heartbeatIntervalNs();
            suspicionTimeoutNs = welcome.suspicionTimeoutNs();
            nextBeatNs = nowNs + heartbeatIntervalNs;
            stage = Stage.WELCOMED;
        } else {
            onMessage(message);
        }
    }

    private void onMessage(final ControlMessage message) throws IOException {
        if (message instanceof Later later && stage != Stage.IN) {
            dialAgain("later", later.message());
        } else if (message instanceof Cancelled cancelled && stage != Stage.IN) {
            Control.checkRanks(cancelled.ranks(), config);
            end(cancelled.message(), cancelled.ranks(), cancelled.isRetryable());
        } else if (message instanceof Members members && stage == Stage.WELCOMED) {
            onRoster(members.roster());
        } else if (message instanceof Failed failed && stage == Stage.IN) {
            Control.checkRanks(failed.failure().ranks(), config);
            onFailure(failed.failure());
        } else if (!(message instanceof Heartbeat)) {
            throw new ProtocolException("unexpected " + message.getClass().getSimpleName());
        }
    }

    private void onRoster(final Roster all) {
        if (all.worldSize() != config.worldSize()
                || all.hasServer() != config.hasServer()
                || !all.members().get(config.rank()).equals(own)) {
            throw new ProtocolException("the roster is not that of this job");
        }
        stage = Stage.IN;
        roster.complete(all);
    }

    private void onFailure(final Failure first) {
        if (failure == null) {
            failure = first;
        }
    }

    private void onClosed(final String how) throws IOException {
        if (isUnanswered()) {
            dialAgain("", null);
        } else {
            onLost(how + ": the process that hosts it has ended; see its output");
        }
    }

    /**
     * Handles a lost coordinator. Before all members have come this member dials again: rank 0 may start again, or the
     * coordinator may have closed with an earlier job.
     */
    private void onLost(final String how) throws IOException {
        final String what = lostCoordinator() + " " + how;
        if (stage == Stage.WELCOMED && !hasGivenUp && !isClosing && wanted.get() == null) {
            dialAgain("lost", what);
        } else {
            endInVain(what);
        }
    }

    private void onNonsense(final String what) {
        if (stage == Stage.GREETED) {
            end("the program at " + connection.remote() + " is no SignVote coordinator, " + what + ": "
                    + Control.ADDRESS_REMEDY);
        } else {
            end(lostCoordinator() + " broke the control protocol: " + what);
        }
    }

    /**
     * Dials again and begins anew. A coordinator also closes connections that send nothing for long, such as this one
     * between connect and join.
     *
     * @param kind of answer.
     * @param answer for the user, or null if there was none.
     */
    private void dialAgain(final String kind, final String answer) throws IOException {
        if (answer != null) {
            dialer.onAnswer(answer, !kind.equals(lastAnswerKind));
            lastAnswerKind = kind;
        }
        connection.close();
        selector.selectNow();
        if (answer != null && dialer.deadlineNs() - System.nanoTime() <= 0) {
            endInVain(dialer.inVain());
            return;
        }
        dialer.pause();
        connection = dialer.dial(() -> isClosing);
        heartbeatIntervalNs = 0;
        suspicionTimeoutNs = 0;
        greet();
    }

    /** This rank was refused, or cannot go on. The same program would fail again. */
    private void end(final String why) {
        end(why, List.of(), false);
    }

    /** This rank waited in vain. The next attempt may succeed. */
    private void endInVain(final String why) {
        end(why, List.of(), true);
    }

    /** Ends the loop: there is no job, or the job has failed. */
    private void end(final String why, final List<Integer> ranks, final boolean isRetryable) {
        if (stage == Stage.IN) {
            onFailure(new Failure(Failure.Kind.COORDINATOR_LOST, List.of(), why));
        } else if (stage != Stage.LEAVING) {
            roster.completeExceptionally(
                    new RendezvousException(why.startsWith(who + ":") ? why : who + ": " + why, ranks, isRetryable));
        }
        stage = Stage.OVER;
    }

    private void doAsAsked(final long nowNs) {
        final boolean isCountedIn = stage == Stage.WELCOMED || stage == Stage.IN;
        final Failure asked = wanted.get();
        if (isCountedIn && asked != null && !hasSentWanted) {
            hasSentWanted = true;
            send(ControlWriter.failed(new Failed(asked)));
        }
        final Failure link = suspected.getAndSet(null);
        if (stage == Stage.IN && link != null && failure == null) {
            send(ControlWriter.failed(new Failed(link)));
        }
        if (isClosing && isCountedIn) {
            send(ControlWriter.bye());
            stage = Stage.LEAVING;
            deadlineNs = nowNs + Control.FAREWELL_TIMEOUT_NS;
        } else if (isClosing && stage != Stage.LEAVING) {
            stage = Stage.OVER;
        }
    }

    private void keepTime(final long nowNs) throws IOException {
        if (stage != Stage.IN && nowNs - patienceEndsNs() >= 0) {
            onDeadline(nowNs);
        }
        if (isUnanswered() && nowNs - answerDueNs >= 0) {
            dialAgain("", null); // it took our connection and has vanished, or is another one by now
        }
        if (stage == Stage.WELCOMED || stage == Stage.IN) {
            if (nowNs - heardNs > Control.silenceNs(heartbeatIntervalNs, suspicionTimeoutNs)
                    || connection.waitingLength() > Control.MAX_WAITING_LENGTH) {
                onLost("was silent for more than " + Control.seconds(suspicionTimeoutNs)
                        + ": its process is stopped or gets no CPU time, or the network is down");
            } else if (nowNs - nextBeatNs >= 0) {
                send(ControlWriter.heartbeat());
                nextBeatNs = nowNs + heartbeatIntervalNs;
            }
        }
    }

    /**
     * End of the patience of this member. If all members started at once, the deadline of the coordinator comes first,
     * because it knows the missing members. That deadline counts from the first Join, which may be later than the start
     * of this member.
     */
    private long patienceEndsNs() {
        return stage == Stage.WELCOMED && !hasGivenUp
                ? deadlineNs + joinDelayNs + Control.FAREWELL_TIMEOUT_NS / 2
                : deadlineNs;
    }

    private void onDeadline(final long nowNs) {
        final String waited = "waited " + Control.seconds(config.joinTimeoutNs());
        if (stage == Stage.LEAVING) {
            stage = Stage.OVER;
        } else if (stage == Stage.WELCOMED && !hasGivenUp) {
            // the coordinator answers with the list of the members that came
            hasGivenUp = true;
            deadlineNs = nowNs + Control.FAREWELL_TIMEOUT_NS;
            send(ControlWriter.failed(new Failed(new Failure(
                    Failure.Kind.TIMEOUT,
                    List.of(config.rank()),
                    waited + " for the others: start them, or raise signvote.join.timeout"))));
        } else if (dialer.inVain() != null) {
            endInVain(dialer.inVain());
        } else {
            endInVain(waited + " for " + coordinator() + ", which does not answer: " + Control.ADDRESS_REMEDY);
        }
    }

    private boolean isUnanswered() {
        return stage == Stage.GREETED || stage == Stage.ASKED;
    }

    private void send(final byte[] body) {
        connection.send(body);
    }

    private void flush() {
        if (stage == Stage.OVER) {
            return;
        }
        try {
            final boolean isDone = connection.flush();
            key.interestOps(isDone ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            if (isDone && stage == Stage.LEAVING) {
                connection.shutdownOutput();
            }
        } catch (final IOException e) {
            key.interestOps(SelectionKey.OP_READ); // the next read tells what happened
        }
    }

    private long waitMs() {
        long waitNs = stage == Stage.IN ? Long.MAX_VALUE : patienceEndsNs() - System.nanoTime();
        if (isUnanswered()) {
            waitNs = Math.min(waitNs, answerDueNs - System.nanoTime());
        }
        if (stage == Stage.WELCOMED || stage == Stage.IN) {
            waitNs = Math.min(waitNs, nextBeatNs - System.nanoTime());
            waitNs = Math.min(
                    waitNs, heardNs + Control.silenceNs(heartbeatIntervalNs, suspicionTimeoutNs) - System.nanoTime());
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNs) + 1);
    }

    private String coordinator() {
        return "coordinator " + connection.remote();
    }

    /**
     * Names both possible hosts of the coordinator. This member does not know whether rank 0 or the launcher hosts it.
     */
    private String lostCoordinator() {
        return "the " + coordinator() + " (rank 0's process, or the launcher)";
    }
}
