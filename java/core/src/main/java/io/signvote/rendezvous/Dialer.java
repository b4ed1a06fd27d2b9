package io.signvote.rendezvous;

import io.signvote.error.RendezvousException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;

/** Connects to a coordinator that may not be there yet, or whose name may not be known yet, until a deadline. */
final class Dialer {
    private static final long MAX_ATTEMPT_MS = 1000;
    private static final long MIN_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final RendezvousConfig config;
    private final String who;
    private final long deadlineNs;
    private long pauseNs = MIN_PAUSE_NS;

    Dialer(final RendezvousConfig config, final String who, final long deadlineNs) {
        this.config = config;
        this.who = who;
        this.deadlineNs = deadlineNs;
    }

    /** When the others must have been met. */
    long deadlineNs() {
        return deadlineNs;
    }

    /**
     * Connects.
     *
     * @param isStopped asked before every attempt.
     * @return a connection on which nothing was said yet.
     * @throws RendezvousException after the deadline, or when stopped or interrupted.
     */
    ControlConnection dial(final BooleanSupplier isStopped) {
        String last;
        do {
            if (isStopped.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                throw new RendezvousException(who + ": stopped while it was connecting to coordinator " + target());
            }
            try {
                return attempt();
            } catch (final UnknownHostException e) {
                last = "cannot resolve host " + config.host();
            } catch (final IOException e) {
                last = e.getMessage();
            }
            pause();
        } while (deadlineNs - System.nanoTime() > 0);
        throw new RendezvousException(who + ": coordinator " + target() + " was not reached within "
                + Control.seconds(config.joinTimeoutNs()) + ", the last attempt said: " + last
                + "; start rank 0 or the launcher, and check MASTER_ADDR and MASTER_PORT");
    }

    /** Waits before the next attempt, longer every time. */
    void pause() {
        LockSupport.parkNanos(Math.max(0, Math.min(pauseNs, deadlineNs - System.nanoTime())));
        pauseNs = Math.min(2 * pauseNs, MAX_PAUSE_NS);
    }

    private ControlConnection attempt() throws IOException {
        final InetAddress host = InetAddress.getByName(config.host());
        Coordinator.ensureAllowed(config, host);
        final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        final SocketChannel channel = SocketChannel.open();
        try {
            final int timeoutMs = (int) Math.max(1, Math.min(MAX_ATTEMPT_MS, leftMs));
            channel.socket().connect(new InetSocketAddress(host, config.port()), timeoutMs);
            if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
                throw new IOException("nothing listens there: the connection met itself");
            }
            return new ControlConnection(channel);
        } catch (final IOException | RuntimeException e) {
            CloseHelper.quietClose(channel);
            throw e;
        }
    }

    private String target() {
        return config.host() + ":" + config.port();
    }
}
