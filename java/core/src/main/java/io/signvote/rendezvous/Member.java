package io.signvote.rendezvous;

import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import io.signvote.transport.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A member's side of the control connection. First {@link #connect}, which tells the address by which others can reach this
 * process; then, once there is an endpoint to tell them, {@link #join}, which returns when all have come. From then on a daemon
 * thread exchanges heartbeats with the coordinator and learns of the job's first failure.
 *
 * <p>{@link #connect} and {@link #join} wait and are called by one thread; everything else is thread-safe and does not wait, but
 * for {@link #close}, which is bounded. Agreement: a failure that a member asks for by {@link #fail} shows in
 * {@link #failure} only when the coordinator has said which one was first, or was itself found lost, at the latest after the
 * suspicion timeout.
 *
 * <p>Until all have come, a coordinator that asks to dial again, that closes, or that falls silent is dialled again until the
 * join timeout: another job may still run there, or rank 0 may start again.
 */
public final class Member implements Membership {
    private static final long GRACE_NS = 4 * Control.FAREWELL_TIMEOUT_NS;

    /** Whoever gives up has no links; a frame of any length goes nowhere. */
    private static final int NO_LINK_LENGTH = 1376;

    private final RendezvousConfig config;
    private final String who;
    private final Dialer dialer;
    private final ControlConnection connection;
    private final String localAddress;
    private volatile MemberLoop loop;
    private Thread thread;
    private boolean isClosed;

    private Member(
            final RendezvousConfig config, final String who, final Dialer dialer, final ControlConnection connection)
            throws IOException {
        this.config = config;
        this.who = who;
        this.dialer = dialer;
        this.connection = connection;
        localAddress = ((InetSocketAddress) connection.channel().getLocalAddress())
                .getAddress()
                .getHostAddress();
    }

    /**
     * Connects to the coordinator, which may start later than its members, and says nothing yet.
     *
     * @param config who we are and where the coordinator is.
     * @return a member that has not joined.
     * @throws ConfigurationException if the address is not loopback and there is no secret, unless told otherwise.
     * @throws RendezvousException if the coordinator cannot be reached within the join timeout.
     */
    public static Member connect(final RendezvousConfig config) {
        final String who = config.role() == RendezvousConfig.Role.SERVER ? "server" : "rank " + config.rank();
        final Dialer dialer = new Dialer(config, who, System.nanoTime() + config.joinTimeoutNs());
        final ControlConnection connection = dialer.dial(() -> false);
        try {
            return new Member(config, who, dialer, connection);
        } catch (final IOException e) {
            connection.close();
            throw new RendezvousException(
                    who + ": the connection to the coordinator was lost at once", List.of(), true, e);
        }
    }

    /**
     * The address from which we reached the coordinator, by which others can reach us where nothing else is configured.
     *
     * @return numeric address.
     */
    public String localAddress() {
        return localAddress;
    }

    /**
     * Proves who we are, tells where we listen, and waits until all members have come. May be called once.
     *
     * @param own where the other members reach us.
     * @return all members.
     * @throws RendezvousException if there is no job: the message says why, and who came and who did not where that is known.
     */
    public Roster join(final Endpoint own) {
        checkFits("endpoint host", own.host(), Control.MAX_HOST_LENGTH);
        checkFits("driver directory", own.driverDirectory(), Control.MAX_DIRECTORY_LENGTH);
        if (own.objection() != null) {
            throw new ConfigurationException("endpoint has " + own.objection());
        }
        final MemberLoop joining = begin(own);
        try {
            final long leftNs = dialer.deadlineNs() - System.nanoTime();
            return joining.roster().get(Math.max(0, leftNs) + GRACE_NS, TimeUnit.NANOSECONDS);
        } catch (final ExecutionException e) {
            close();
            final RendezvousException why = (RendezvousException) e.getCause();
            throw new RendezvousException(why.getMessage(), why.ranks(), why.isRetryable(), why);
        } catch (final TimeoutException e) {
            close();
            final String inVain = dialer.inVain();
            throw new RendezvousException(
                    who + ": "
                            + (inVain == null
                                    ? "no roster within " + Control.seconds(config.joinTimeoutNs())
                                            + "; start the missing ranks"
                                    : inVain),
                    List.of(),
                    true,
                    e);
        } catch (final InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new RendezvousException(who + ": interrupted while it waited for the others", List.of(), true, e);
        }
    }

    /**
     * Joins only to say why this process cannot take part, so that the others need not wait for it. Waits a second at most for
     * the coordinator's answer. Instead of {@link #join}.
     *
     * @param reason told to all.
     */
    public void giveUp(final String reason) {
        final MemberLoop leaving = begin(new Endpoint(localAddress, 0, "", NO_LINK_LENGTH, NO_LINK_LENGTH));
        leaving.fail(new Failure(Failure.Kind.ABORTED, List.of(config.rank()), reason));
        try {
            leaving.roster().get(Control.FAREWELL_TIMEOUT_NS, TimeUnit.NANOSECONDS);
        } catch (final ExecutionException | TimeoutException e) {
            // the caller has an error of its own to throw
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized MemberLoop begin(final Endpoint own) {
        if (isClosed || loop != null) {
            throw new IllegalStateException(who + ": a member joins once, before it is closed");
        }
        final MemberLoop beginning;
        try {
            beginning = new MemberLoop(config, who, dialer, connection, own);
        } catch (final IOException e) {
            throw new RendezvousException(who + ": cannot watch the control connection", e);
        }
        thread = new Thread(beginning, "signvote-member-" + config.rank());
        thread.setDaemon(true);
        thread.start();
        // where no thread could be started, close() has the connection alone to close
        loop = beginning;
        return beginning;
    }

    @Override
    public Failure failure() {
        final MemberLoop current = loop;
        return current == null ? null : current.failure();
    }

    /** Handed to the member's thread; nothing happens before {@link #join} or after the job has failed. */
    @Override
    public void fail(final Failure failure) {
        final MemberLoop current = loop;
        if (current != null) {
            current.fail(failure);
        }
    }

    @Override
    public void suspect(final Failure failure) {
        final MemberLoop current = loop;
        if (current != null) {
            current.suspect(failure);
        }
    }

    @Override
    public long suspicionTimeoutNs() {
        final MemberLoop current = loop;
        return current == null ? 0 : current.suspicionTimeoutNs();
    }

    /**
     * Waits about a second at most for the BYE to arrive, or three where it was still connecting; also where this thread is
     * interrupted.
     */
    @Override
    public void close() {
        final Thread running;
        synchronized (this) {
            isClosed = true;
            if (loop == null) {
                connection.close();
                return;
            }
            loop.close();
            running = thread;
        }
        Control.join(running, GRACE_NS);
    }

    private static void checkFits(final String what, final String text, final int maxLength) {
        if (!Control.fits(text, maxLength)) {
            throw new ConfigurationException(
                    what + " of " + text.length() + " characters has more than " + maxLength + " bytes: " + text);
        }
    }
}
