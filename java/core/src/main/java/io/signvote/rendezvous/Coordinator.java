package io.signvote.rendezvous;

import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;

/**
 * Connects the members of a job, watches them, and sends the first failure of the job to all of them. It runs in rank
 * 0's process or in a launcher, on one TCP port and one daemon thread.
 *
 * <p>The join timeout starts when the first member joins. Within it all members must join, with the same world size and
 * settings. Otherwise the coordinator cancels the job, and sends each member a list of the members that came and of
 * those that are missing. Once all have joined, they get the roster. From then on the job fails for all if a member
 * fails, is silent, or closes its connection without a BYE.
 *
 * <p>One job follows another. The next job opens when the last one has ended, failed or was cancelled. It has its own
 * session key. A member that comes while a job runs must dial again. Members of an earlier job cannot affect a later
 * job. A process with another job id is refused, and the job goes on.
 *
 * <p>Connections that do not prove that they hold the secret are limited in number, bytes and time. They are counted
 * and closed, and do not affect the job.
 *
 * <p>Thread-safe. A silence is detected one and a quarter heartbeat intervals after the suspicion timeout.
 */
public final class Coordinator implements AutoCloseable {
    private static final int BACKLOG = 512;
    private static final long JOIN_THREAD_NS = 2 * Control.FAREWELL_TIMEOUT_NS;

    private final int port;
    private final CoordinatorLoop loop;
    private final Thread thread;

    private Coordinator(final int port, final CoordinatorLoop loop) {
        this.port = port;
        this.loop = loop;
        thread = new Thread(loop, "signvote-coordinator");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Listens, and starts to wait for the members.
     *
     * @param config address to listen on (port 0: any free one), number of members, and timeouts.
     * @param errorHandler gets an error for a cancelled job and for the first few refused connections, on the
     *     coordinator's thread.
     * @return a coordinator that runs until the caller closes it.
     * @throws ConfigurationException if the address is not loopback and there is no secret, unless {@code isInsecure}
     *     is set.
     * @throws RendezvousException if it cannot listen there.
     */
    public static Coordinator start(final RendezvousConfig config, final ErrorHandler errorHandler) {
        return start(config, errorHandler, System::nanoTime);
    }

    /** Starts a coordinator with a clock, for tests. */
    static Coordinator start(final RendezvousConfig config, final ErrorHandler errorHandler, final NanoClock clock) {
        final InetAddress host = resolve(config);
        ensureAllowed(config, host);
        ServerSocketChannel server = null;
        try {
            server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(host, config.port()), BACKLOG);
            final int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            return new Coordinator(
                    port, new CoordinatorLoop(config.at(port), server, new SecureRandom(), clock, errorHandler));
        } catch (final IOException e) {
            CloseHelper.quietClose(server);
            throw new RendezvousException(
                    "cannot listen on " + ControlConnection.describe(new InetSocketAddress(host, config.port())) + ": "
                            + e.getMessage()
                            + (e.getMessage() != null && e.getMessage().startsWith("Cannot assign requested address")
                                    ? "; set SIGNVOTE_MASTER_ADDRESS to an address of this host on every rank"
                                    : "; set SIGNVOTE_MASTER_PORT to the same free port on every rank"),
                    e);
        }
    }

    /**
     * Port to which members connect.
     *
     * @return TCP port.
     */
    public int port() {
        return port;
    }

    /**
     * The first failure of the job that ran last.
     *
     * @return null while there is none.
     */
    public Failure failure() {
        return loop.failure();
    }

    /** State of the last job that a member joined. */
    public enum Progress {
        /** No member has joined any job. */
        NONE,
        /** Not all members have joined yet. */
        JOINING,
        /** All members have joined, and some are still present. */
        RUNNING,
        /** All members have joined, and all have left in good order. */
        OVER,
        /** It failed, or was cancelled before all members had joined. */
        FAILED
    }

    /**
     * State of the last job that a member joined.
     *
     * @return the current state.
     */
    public Progress progress() {
        return switch (loop.lastJoined().state()) {
            case IDLE -> Progress.NONE;
            case JOINING -> Progress.JOINING;
            case RUNNING -> Progress.RUNNING;
            case OVER -> Progress.OVER;
            case FAILED, CANCELLED -> Progress.FAILED;
        };
    }

    /**
     * Time at which the last job that a member joined was complete.
     *
     * @return time of {@link System#nanoTime()}, or 0 if it was never complete.
     */
    public long startNs() {
        return loop.lastJoined().startNs();
    }

    /**
     * Members of the current job that have joined and have neither left nor died.
     *
     * @return their current number.
     */
    public int presentCount() {
        return loop.presentCount();
    }

    /**
     * Connections that were closed because they did not prove themselves: wrong secret, wrong version, invalid bytes,
     * too slow, or too many.
     *
     * @return their number so far.
     */
    public long refusedCount() {
        return loop.refusedCount();
    }

    /**
     * Waits until all members of the job that ran last have left or died. If no job has run yet, waits until the first one is
     * cancelled. Call it before {@link #close} if this process is done: closing ends the job of the other members. An interrupted
     * thread waits too, and keeps its interrupt.
     *
     * @param timeoutNs longest wait.
     * @return whether no member is left.
     */
    public boolean awaitDeparture(final long timeoutNs) {
        return Control.await(loop.departed(), timeoutNs);
    }

    /**
     * Stops listening and closes all connections, which ends the job for members still in it. Members that wait for
     * others dial again. A member that missed the job before learns why that job was cancelled, and ends. Waits about a
     * second at most, also on an interrupted thread. The port is free afterwards.
     */
    @Override
    public void close() {
        loop.close();
        Control.join(thread, JOIN_THREAD_NS);
    }

    /** Refuses to work without a secret if other machines may connect. */
    static void ensureAllowed(final RendezvousConfig config, final InetAddress host) {
        if (config.secret() == null && !config.isInsecure() && !host.isLoopbackAddress()) {
            throw new ConfigurationException("coordinator address " + host.getHostAddress()
                    + " is not loopback and there is no secret: put at least " + RendezvousConfig.MIN_SECRET_LENGTH
                    + " random bytes where " + Control.SECRET_REMEDY
                    + "; or set signvote.insecure=true if you trust everyone who can connect");
        }
    }

    private static InetAddress resolve(final RendezvousConfig config) {
        try {
            return InetAddress.getByName(config.host());
        } catch (final UnknownHostException e) {
            throw new RendezvousException(
                    "cannot resolve coordinator host " + config.host()
                            + ": set SIGNVOTE_MASTER_ADDRESS to a name or address of this machine",
                    e);
        }
    }
}
