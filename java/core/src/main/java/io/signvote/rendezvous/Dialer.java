package io.signvote.rendezvous;

import io.signvote.error.RendezvousException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;

/**
 * Tries to connect to a coordinator until a deadline. The coordinator may not run yet, its name may not resolve yet, or
 * it may have requested another dial. The dialer keeps the last answer, which explains more than a refused connection.
 * Used by one thread at a time.
 */
final class Dialer {
    private static final long MAX_ATTEMPT_MS = 1000;
    private static final long MIN_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_QUICK_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long QUICK_NS = TimeUnit.SECONDS.toNanos(2);

    private final RendezvousConfig config;
    private final String who;
    private final long deadlineNs;
    private long pauseNs = MIN_PAUSE_NS;
    private long quickUntilNs;
    private volatile String lastAnswer;
    private InetAddress address;

    Dialer(final RendezvousConfig config, final String who, final long deadlineNs) {
        this.config = config;
        this.who = who;
        this.deadlineNs = deadlineNs;
    }

    /** Time at which the search for the other members ends. */
    long deadlineNs() {
        return deadlineNs;
    }

    /**
     * Connects.
     *
     * @param isStopped checked before every attempt.
     * @return a connection on which nothing was sent yet.
     * @throws RendezvousException after the deadline, or if stopped or interrupted.
     */
    ControlConnection dial(final BooleanSupplier isStopped) {
        String last;
        do {
            if (isStopped.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                throw new RendezvousException(
                        who + ": stopped while it was connecting to coordinator " + target(), List.of(), true);
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
        if (lastAnswer != null) {
            throw new RendezvousException(
                    who + ": " + inVain() + "; since then " + target() + " was not reached: " + last, List.of(), true);
        }
        throw new RendezvousException(
                who + ": coordinator " + target() + became() + " was not reached within "
                        + Control.seconds(config.joinTimeoutNs()) + ", the last attempt said: " + last
                        + "; start rank 0 or its launcher, and " + Control.ADDRESS_REMEDY + suspicion(),
                List.of(),
                true);
    }

    /**
     * Notes an answer of the coordinator that gives this member no place in a job yet.
     *
     * @param answer for the user, if no other follows.
     * @param isNews whether it is of another kind than the answer before. The next attempts are then quick.
     */
    void onAnswer(final String answer, final boolean isNews) {
        lastAnswer = answer;
        if (isNews) {
            pauseNs = MIN_PAUSE_NS;
            quickUntilNs = System.nanoTime() + QUICK_NS;
        }
    }

    /** Text for the user after the deadline, or null if the coordinator has never answered. Thread-safe. */
    String inVain() {
        final String answer = lastAnswer;
        return answer == null
                ? null
                : "waited " + Control.seconds(config.joinTimeoutNs()) + " for a place in the job, the last answer of "
                        + target() + ": " + answer;
    }

    /** Waits before the next attempt, longer every time. A random part keeps ranks from dialling at the same time. */
    void pause() {
        final long nowNs = System.nanoTime();
        final double jitter = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
        LockSupport.parkNanos(Math.max(0, Math.min((long) (pauseNs * jitter), deadlineNs - nowNs)));
        final boolean isQuick = lastAnswer != null && quickUntilNs - nowNs > 0;
        pauseNs = Math.min(2 * pauseNs, isQuick ? MAX_QUICK_PAUSE_NS : MAX_PAUSE_NS);
    }

    private ControlConnection attempt() throws IOException {
        final InetAddress host = InetAddress.getByName(config.host());
        address = host;
        Coordinator.ensureAllowed(config, host);
        final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        final SocketChannel channel = SocketChannel.open();
        try {
            final int timeoutMs = (int) Math.max(1, Math.min(MAX_ATTEMPT_MS, leftMs));
            // a connection that meets itself must not hold the port of a coordinator that is about to start
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.socket().connect(new InetSocketAddress(host, config.port()), timeoutMs);
            if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                throw new IOException("connected to itself, no coordinator listens there");
            }
            return new ControlConnection(channel);
        } catch (final IOException | RuntimeException e) {
            CloseHelper.quietClose(channel);
            throw e;
        }
    }

    /**
     * The address to which the host name resolves here, for a message. On rank 0's host it may resolve to another one.
     */
    private String became() {
        return address == null || !isName() ? "" : ", which is " + address.getHostAddress() + " here,";
    }

    private String suspicion() {
        if (address == null || !isName() && !address.isLoopbackAddress()) {
            return "";
        }
        final boolean isName = isName();
        return (address.isLoopbackAddress()
                        ? "; this address is this host: if rank 0 runs on another host, set SIGNVOTE_MASTER_ADDRESS to"
                                + " the address of that host"
                        : "")
                + (isName
                        ? "; rank 0 may listen on loopback only, if " + config.host()
                                + " is a loopback address on its host, such as 127.0.1.1 in /etc/hosts"
                        : "")
                + (isName && !address.isLoopbackAddress()
                        ? ": set SIGNVOTE_MASTER_ADDRESS to " + address.getHostAddress() + " on every rank"
                        : "");
    }

    /** Whether the host is a name. An IPv6 address has many spellings, so it is not compared. */
    private boolean isName() {
        return config.host().indexOf(':') < 0 && !config.host().equals(address.getHostAddress());
    }

    private String target() {
        return config.host() + ":" + config.port();
    }
}
