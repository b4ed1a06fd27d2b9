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
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;

/**
 * Brings the members of one job together, watches over them, and tells all of them its first failure. It lives in rank 0's
 * process or in a launcher, and listens on one TCP port with one daemon thread.
 *
 * <p>Every member must have come, with the same world size and settings, within the join timeout; otherwise the job is
 * cancelled, and everyone who came is told who did and who did not. Once all have come they get the roster; from then on a
 * connection that closes without a BYE, a silence, and a member's own failure fail the job for all. Connections that do not
 * prove that they hold the secret are bounded in number, bytes and time, counted and closed; they disturb nobody.
 *
 * <p>Thread-safe. Silence is found at most one heartbeat interval after the suspicion timeout.
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
     * @param config where to listen (port 0: any free one), how many to wait for and how long.
     * @param errorHandler told of a cancelled job and of the first few connections refused; called on the coordinator's
     *     thread.
     * @return a coordinator that runs until it is closed.
     * @throws ConfigurationException if the address is not loopback and there is no secret, unless told otherwise.
     * @throws RendezvousException if it cannot listen there.
     */
    public static Coordinator start(final RendezvousConfig config, final ErrorHandler errorHandler) {
        final InetAddress host = resolve(config);
        ensureAllowed(config, host);
        ServerSocketChannel server = null;
        try {
            server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(host, config.port()), BACKLOG);
            final int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            return new Coordinator(port, new CoordinatorLoop(config, server, new SecureRandom(), errorHandler));
        } catch (final IOException e) {
            CloseHelper.quietClose(server);
            throw new RendezvousException(
                    "cannot listen on " + ControlConnection.describe(new InetSocketAddress(host, config.port())) + ": "
                            + e.getMessage()
                            + "; take another MASTER_PORT if it is in use (by another job, or a second rank 0), and a"
                            + " MASTER_ADDR that is an address of this machine",
                    e);
        }
    }

    /**
     * Where members connect to.
     *
     * @return TCP port.
     */
    public int port() {
        return port;
    }

    /**
     * The first failure of the job.
     *
     * @return null while there is none.
     */
    public Failure failure() {
        return loop.failure();
    }

    /**
     * Members that have come and neither left nor died.
     *
     * @return how many now.
     */
    public int presentCount() {
        return loop.presentCount();
    }

    /**
     * Connections that were closed because they did not prove themselves: wrong secret, wrong version, nonsense, too slow, too
     * many.
     *
     * @return how many so far.
     */
    public long refusedCount() {
        return loop.refusedCount();
    }

    /**
     * Waits until all members of a job that ran have left or died, or the job is cancelled. To be called before {@link #close}
     * by a process that is itself done, since closing ends the job for those who are not.
     *
     * @param timeoutNs longest wait.
     * @return whether nobody is left.
     */
    public boolean awaitDeparture(final long timeoutNs) {
        try {
            return loop.departed().await(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops listening and closes all connections, which ends the job for members still in it. Waits about a second at most. */
    @Override
    public void close() {
        loop.close();
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, JOIN_THREAD_NS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Refuses to work without a secret where others than this machine may connect. */
    static void ensureAllowed(final RendezvousConfig config, final InetAddress host) {
        if (config.secret() == null && !config.isInsecure() && !host.isLoopbackAddress()) {
            throw new ConfigurationException("coordinator address " + host.getHostAddress()
                    + " is not loopback and there is no secret: put at least " + RendezvousConfig.MIN_SECRET_LENGTH
                    + " random bytes where " + Control.SECRET_REMEDY
                    + "; or set signvote.insecure=true where everyone who can connect is trusted");
        }
    }

    private static InetAddress resolve(final RendezvousConfig config) {
        try {
            return InetAddress.getByName(config.host());
        } catch (final UnknownHostException e) {
            throw new RendezvousException(
                    "cannot resolve coordinator host " + config.host()
                            + ": set MASTER_ADDR to a name or address of this" + " machine",
                    e);
        }
    }
}
