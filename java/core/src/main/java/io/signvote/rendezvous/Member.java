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
 * A member's side of the control connection. {@link #connect} finds the address at which others can reach this process.
 * {@link #join} then sends this member's endpoint, and returns when all members have come. From then on a daemon thread
 * exchanges heartbeats with the coordinator and receives the job's first failure.
 *
 * <p>{@link #connect}, {@link #join} and {@link #giveUp} wait, and one thread calls them. All other methods are
 * thread-safe and do not wait, except {@link #close}, whose wait is limited. All members see the same failure:
 * {@link #fail} only sends a failure to the coordinator. {@link #failure} returns the first failure of the job when the
 * coordinator has sent it to all. If the coordinator is lost, {@link #failure} returns its loss, at the latest after
 * the suspicion timeout.
 *
 * <p>Until all members have come, this member dials again if the coordinator closes, is silent, or requests it. It does
 * so until the join timeout, since another job may still run there, or rank 0 may start again.
 */
public final class Member implements Membership {
    private static final long GRACE_NS = 4 * Control.FAREWELL_TIMEOUT_NS;

    /** Frame length in the endpoint of a member that cannot take part. It has no links, so the value has no effect. */
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
     * Connects to the coordinator, which may start later than its members. Sends nothing yet.
     *
     * @param config rank and role of this process, and address of the coordinator.
     * @return a member that has not joined; the caller closes it.
     * @throws ConfigurationException if the address is not loopback and there is no secret, unless {@code isInsecure}
     *     is set.
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
     * The local address of the connection to the coordinator. Others use it to reach this process if no other is
     * configured.
     *
     * @return numeric address.
     */
    public String localAddress() {
        return localAddress;
    }

    /**
     * Proves that this process holds the secret, sends its endpoint, and waits until all members have come. May be
     * called once.
     *
     * @param own endpoint of this member.
     * @return roster of all members.
     * @throws RendezvousException if there is no job. The message contains the reason, and the members that came or are
     *     missing, if they are known.
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
     * Joins only to report why this process cannot take part, so that the others do not wait for it. Waits a second at
     * most for the coordinator's answer. Use it instead of {@link #join}.
     *
     * @param reason sent to all members.
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
        // set last: if no thread could be started, close() closes only the connection
        loop = beginning;
        return beginning;
    }

    @Override
    public Failure failure() {
        final MemberLoop current = loop;
        return current == null ? null : current.failure();
    }

    /** Passes the failure to the member's thread. Does nothing before {@link #join} or after the job has failed. */
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
     * Sends a BYE. Waits about a second at most for its arrival, or three if this member was still connecting. An
     * interrupted thread waits too, and keeps its interrupt.
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
