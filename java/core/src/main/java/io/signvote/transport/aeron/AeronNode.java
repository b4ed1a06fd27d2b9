package io.signvote.transport.aeron;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.exceptions.AeronException;
import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import io.signvote.error.VoteException;
import io.signvote.transport.Endpoint;
import io.signvote.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.agrona.CloseHelper;
import org.agrona.concurrent.status.CountersReader;

/**
 * This process on the network: a media driver, embedded or shared, and the socket to which the others send. It is
 * opened before the rendezvous, which sends {@link #endpoint()} to all members, and connected after it. One thread
 * opens and connects. Then each communicator of this process has a transport of its own over this node. The last of them
 * that closes also closes the node. The methods of open nodes are thread-safe.
 */
public final class AeronNode implements AutoCloseable {
    private static final long CONNECT_PARK_NS = 200_000;
    private static final long FREED_TIMEOUT_NS = 2_000_000_000;
    private static final long FREED_PARK_NS = 20_000_000;

    private final AeronSettings settings;
    private final LinkGeometry geometry;
    private final ToLongFunction<Path> freeLength;
    private final List<String> notes;
    private final ErrorTrap errors = new ErrorTrap();
    private final Path directory;

    private MediaDriver driver;
    private Aeron aeron;
    private long tag;
    private Subscription holding;
    private Endpoint endpoint;
    private DriverPulse pulse;
    private volatile boolean isDriverGone;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** The caller of {@link #open}, and each split. The node is released when none is left. */
    private final AtomicInteger users = new AtomicInteger(1);

    private AeronNode(
            final AeronSettings settings,
            final LinkGeometry geometry,
            final Path directory,
            final ToLongFunction<Path> freeLength,
            final List<String> notes) {
        this.settings = settings;
        this.freeLength = freeLength;
        this.geometry = geometry;
        this.directory = directory;
        this.notes = List.copyOf(notes);
    }

    /**
     * Checks that this host meets the needs of the job, starts or finds the driver, and listens.
     *
     * @param settings of the transport.
     * @return an open node; the caller closes it, or the transport of {@link #connect}.
     * @throws ConfigurationException if something is missing, with the remedy. No driver, socket or directory is left
     *     behind.
     * @throws RendezvousException if this thread was interrupted. Nothing is left behind, and the interrupt stays.
     */
    public static AeronNode open(final AeronSettings settings) {
        return open(settings, SharedMemory::freeLength, context -> {});
    }

    /**
     * Opens a node for tests, with little memory or a lossy network.
     *
     * @param freeLength function from a directory to the free bytes of its file system.
     * @param adjustment of an embedded driver's context.
     */
    static AeronNode open(
            final AeronSettings settings,
            final ToLongFunction<Path> freeLength,
            final Consumer<MediaDriver.Context> adjustment) {
        final List<String> notes = new ArrayList<>();
        final LinkGeometry geometry = LinkGeometry.of(settings, notes);
        final boolean isEmbedded = settings.driverDirectory() == null;
        final Path parent =
                isEmbedded ? DriverDirectory.parent(settings.memoryDirectory()) : settings.driverDirectory();
        if (isEmbedded) {
            DriverDirectory.sweep(parent, notes);
        } else {
            ensureDriver(parent);
        }
        checkMemory(settings, geometry, parent, freeLength);

        final Path directory = isEmbedded ? DriverDirectory.create(parent) : parent;
        final AeronNode node = new AeronNode(settings, geometry, directory, freeLength, notes);
        try {
            node.start(adjustment);
            return node;
        } catch (final Throwable ex) {
            // catches any throwable: Agrona also throws checked exceptions that it does not declare
            CloseHelper.quietClose(node);
            if (Thread.currentThread().isInterrupted() && ex instanceof Exception) {
                throw new RendezvousException(
                        "interrupted while it opened udp host=" + settings.host() + " port=" + settings.port() + ": "
                                + ErrorTrap.reason(ex.getCause() == null ? ex : ex.getCause()),
                        List.of(),
                        true,
                        ex);
            }
            throw ex;
        }
    }

    /**
     * Checks the free memory. Logs of an earlier job stay in a shared driver until their readers have closed too, so
     * this waits for them a moment.
     */
    private static void checkMemory(
            final AeronSettings settings,
            final LinkGeometry geometry,
            final Path parent,
            final ToLongFunction<Path> freeLength) {
        final boolean isShared = settings.driverDirectory() != null;
        final long deadlineNs = System.nanoTime() + (isShared ? FREED_TIMEOUT_NS : 0);
        while (true) {
            try {
                final long held = SharedMemory.heldLength(parent, isShared);
                SharedMemory.check(settings, geometry, parent, isShared, held, freeLength);
                return;
            } catch (final ConfigurationException ex) {
                if (System.nanoTime() - deadlineNs >= 0
                        || Thread.currentThread().isInterrupted()) {
                    throw ex;
                }
                LockSupport.parkNanos(FREED_PARK_NS);
            }
        }
    }

    /**
     * Address and limits of this node.
     *
     * @return endpoint of this member in the roster.
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Shortages that do not prevent a job, such as small socket buffers, with the remedy.
     *
     * @return lines for the log, often none.
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Connects to every member, and waits until all streams are connected in both directions.
     *
     * @param members endpoints of all members, this one included, in the order of the roster.
     * @param self index of this member among them.
     * @param sessionKey of the job.
     * @param deadlineNs end of the wait, as {@link System#nanoTime()}.
     * @param watch called repeatedly during the wait; it throws to end the wait.
     * @return the transport, which owns and closes this node from now on.
     * @throws RendezvousException if members were not reached in time, or before this thread was interrupted. It names
     *     them. The caller still closes the node. The interrupt stays.
     */
    public Transport connect(
            final List<Endpoint> members,
            final int self,
            final long sessionKey,
            final long deadlineNs,
            final Runnable watch) {
        checkRoster(members, self);
        return connect(members, self, sessionKey, deadlineNs, watch, this::close);
    }

    /**
     * Connects the members of a split, and waits until all of their streams are connected in both directions. The streams
     * use the driver and the socket of this node. Members come from the roster that this node was connected to.
     *
     * @param members endpoints of the members of the split, this one included, in the order of its ranks.
     * @param self index of this member among them.
     * @param sessionKey of the split.
     * @param deadlineNs end of the wait, as {@link System#nanoTime()}.
     * @param watch called repeatedly during the wait; it throws to end the wait.
     * @return a transport, which the caller closes.
     * @throws RendezvousException as {@link #connect}. The streams are closed then, and the node stays open.
     * @throws VoteException if this node is closed.
     */
    public Transport split(
            final List<Endpoint> members,
            final int self,
            final long sessionKey,
            final long deadlineNs,
            final Runnable watch) {
        if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new VoteException("the media driver of this process is closed, connect again");
        }
        try {
            return connect(members, self, sessionKey, deadlineNs, watch, this::release);
        } catch (final Throwable e) {
            release();
            throw e;
        }
    }

    /**
     * The state of the shared memory of this node, and its needs for the streams of a split.
     *
     * @return the state now.
     */
    public NodeMemory memory() {
        ensureAlive();
        final CountersReader counters = aeron.countersReader();
        int used = 0;
        for (int id = 0; id <= counters.maxCounterId(); id++) {
            used += counters.getCounterState(id) == CountersReader.RECORD_ALLOCATED ? 1 : 0;
        }
        return new NodeMemory(
                DriverDirectory.memoryId(directory),
                directory,
                freeLength.applyAsLong(directory),
                SharedMemory.logLength(geometry.termLength()),
                counters.maxCounterId() + 1 - used);
    }

    private Transport connect(
            final List<Endpoint> members,
            final int self,
            final long sessionKey,
            final long deadlineNs,
            final Runnable watch,
            final Runnable release) {
        checkFrames(members);
        final int mtuLength = LinkGeometry.mtuLength(
                members.stream().mapToInt(Endpoint::maxFrameLength).reduce(geometry.maxFrameLength(), Math::min));
        final PeerLink[] links = new PeerLink[members.size()];
        try {
            for (int peer = 0; peer < links.length; peer++) {
                if (peer != self) {
                    links[peer] = link(members.get(peer), peer, self, sessionKey, mtuLength);
                }
            }
            awaitConnected(links, deadlineNs, watch);
        } catch (final AeronException ex) {
            close(links);
            throw new RendezvousException(
                    "member=" + self + " cannot open its streams: " + ErrorTrap.reason(ex) + errors.summary(), ex);
        } catch (final Throwable ex) {
            close(links);
            throw ex;
        }
        return new AeronTransport(
                this,
                () -> {
                    close(links);
                    release.run();
                },
                links,
                self,
                LinkGeometry.frameLength(mtuLength),
                receiveWindowLength(members));
    }

    /**
     * Closes streams while other communicators keep the node open. Otherwise the streams end with the client. A dead driver
     * does not answer, and the client would wait for it.
     */
    private void close(final PeerLink[] links) {
        if (users.get() > 1 && !isDriverGone && isAlive()) {
            Undisturbed.run(() -> {
                for (final PeerLink link : links) {
                    CloseHelper.quietClose(link);
                }
            });
        }
    }

    /** Connects without a watch, for tests. */
    Transport connect(final List<Endpoint> members, final int self, final long sessionKey, final long deadlineNs) {
        return connect(members, self, sessionKey, deadlineNs, () -> {});
    }

    /**
     * Releases the socket, the client and an embedded driver with its directory, also on an interrupted thread. If splits
     * still use them, the last transport of a split releases them. Calling it again does nothing.
     */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            release();
        }
    }

    private void release() {
        if (users.decrementAndGet() > 0) {
            return;
        }
        Undisturbed.run(() -> {
            // a dead driver does not answer, and the client would wait for its answer
            CloseHelper.quietCloseAll(isDriverGone ? null : holding, aeron, driver, pulse);
            if (isEmbedded()) {
                DriverDirectory.release(directory);
            }
        });
    }

    /** Throws if the driver or the client is gone, with the first cause. */
    void ensureAlive() {
        if (aeron.isClosed()) {
            throw new VoteException("the media driver in directory=" + directory
                    + " is gone, or this process was stopped for longer than its driverTimeoutMs="
                    + aeron.context().driverTimeoutMs() + errors.summary() + ", start the job again");
        }
    }

    /**
     * Throws if the driver is gone: killed, stopped, or its thread has ended. Aeron's client would notice after a minute. Call it
     * repeatedly, as it watches the driver's heartbeat.
     */
    synchronized void ensureDriverBeats() {
        ensureAlive();
        if (pulse.hasStopped(System.nanoTime())) {
            isDriverGone = true;
            throw new VoteException("the media driver in directory=" + directory + " has shown no sign of life for "
                    + DriverPulse.PATIENCE_NS / 1_000_000 + " ms: it was killed or stopped" + errors.summary()
                    + ", start it again, then the job");
        }
    }

    /** For the end of a message: the first error of driver and client. */
    String errors() {
        return errors.summary();
    }

    /** Directory of the driver. */
    Path directory() {
        return directory;
    }

    boolean isAlive() {
        return !aeron.isClosed();
    }

    boolean isEmbedded() {
        return settings.driverDirectory() == null;
    }

    /** Number of status messages that the driver has sent to all peers. */
    long statusMessageCount() {
        return aeron.countersReader().getCounterValue(SystemCounterDescriptor.STATUS_MESSAGES_SENT.id());
    }

    long closeTimeoutNs() {
        return settings.closeTimeoutNs();
    }

    private void start(final Consumer<MediaDriver.Context> adjustment) {
        if (isEmbedded()) {
            final MediaDriver.Context context =
                    DriverLauncher.context(directory, geometry, settings.members() - 1, settings.members() - 1, errors);
            adjustment.accept(context);
            driver = DriverLauncher.launch(context, errors);
        }
        aeron = connectClient();
        pulse = new DriverPulse(directory, System.nanoTime());
        tag = aeron.nextCorrelationId();
        try {
            holding = aeron.addSubscription(
                    Channels.from(
                            Channels.listening(settings.host(), settings.port(), tag, geometry),
                            StreamNames.holdingSessionId()),
                    StreamNames.holdingStreamId());
        } catch (final AeronException ex) {
            throw new ConfigurationException(
                    "cannot listen on udp host=" + settings.host() + " port=" + settings.port() + ": "
                            + ErrorTrap.reason(ex)
                            + "; free the port, or set signvote.port to another one (0: any); if several ranks share this"
                            + " host, set SIGNVOTE_LOCAL_RANK=0, 1 and so on, so that each gets its own port",
                    ex);
        }
        final String resolved = holding.resolvedEndpoint();
        endpoint = new Endpoint(
                settings.host(),
                Integer.parseInt(resolved.substring(resolved.lastIndexOf(':') + 1)),
                DriverDirectory.identity(directory),
                geometry.maxFrameLength(),
                geometry.receiveBufferLength());
    }

    /**
     * Requires a running driver. Aeron waits ten seconds for a driver to appear. Our drivers run before a process gets
     * their directory.
     */
    private static void ensureDriver(final Path directory) {
        if (!Files.exists(directory.resolve(CncFileDescriptor.CNC_FILE))) {
            throw new ConfigurationException("no media driver runs in driverDirectory=" + directory
                    + ", start one there or leave signvote.aeron.dir empty to embed one");
        }
    }

    private Aeron connectClient() {
        try {
            return Aeron.connect(DriverLauncher.clientContext(directory, errors));
        } catch (final Exception ex) {
            throw new ConfigurationException(
                    "the media driver does not answer in driverDirectory=" + directory + ": " + ErrorTrap.reason(ex)
                            + ", start it again or leave signvote.aeron.dir empty to embed one",
                    ex);
        }
    }

    private void checkRoster(final List<Endpoint> members, final int self) {
        if (members.size() != settings.members() || !members.get(self).equals(endpoint)) {
            throw new RendezvousException(
                    "the roster is not ours: members=" + members.size() + ", expected " + settings.members()
                            + ", and member=" + self + " is " + members.get(self) + ", expected " + endpoint);
        }
    }

    private static void checkFrames(final List<Endpoint> members) {
        for (int member = 0; member < members.size(); member++) {
            if (members.get(member).objection() != null) {
                throw new RendezvousException(
                        "member=" + member + " has " + members.get(member).objection()
                                + ": a frame would have no room for payload, raise the MTU of the"
                                + " interface of that rank");
            }
        }
    }

    private PeerLink link(
            final Endpoint member, final int peer, final int self, final long sessionKey, final int mtuLength) {
        final boolean isLocal = member.driverDirectory().equals(endpoint.driverDirectory());
        final int ours = StreamNames.sessionId(sessionKey, self);
        final int theirs = StreamNames.sessionId(sessionKey, peer);
        final Subscription subscription = aeron.addSubscription(
                isLocal
                        ? Channels.fromLocal(theirs)
                        : Channels.from(Channels.listening(settings.host(), settings.port(), tag, geometry), theirs),
                StreamNames.streamId(sessionKey, self));
        final ExclusivePublication publication = aeron.addExclusivePublication(
                isLocal ? Channels.toLocal(ours, mtuLength, geometry) : Channels.to(member, ours, mtuLength, geometry),
                StreamNames.streamId(sessionKey, peer));
        return new PeerLink(peer, isLocal, publication, subscription, aeron.countersReader());
    }

    private void awaitConnected(final PeerLink[] links, final long deadlineNs, final Runnable watch) {
        while (!areConnected(links)) {
            ensureAlive();
            watch.run();
            if (Thread.currentThread().isInterrupted()) {
                throw new RendezvousException(
                        "interrupted while it waited for streams: " + missing(links), List.of(), true);
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new RendezvousException(
                        "streams did not connect before the deadline: " + missing(links) + errors.summary()
                                + ", check that UDP reaches host=" + endpoint.host() + " port=" + endpoint.port()
                                + " and back, with datagrams of mtuLength=" + geometry.mtuLength(),
                        unconnected(links),
                        true);
            }
            LockSupport.parkNanos(CONNECT_PARK_NS);
        }
    }

    private static boolean areConnected(final PeerLink[] links) {
        boolean isConnected = true;
        for (final PeerLink link : links) {
            isConnected &= link == null || link.isHeard() & link.isHearing();
        }
        return isConnected;
    }

    private static List<Integer> unconnected(final PeerLink[] links) {
        return Arrays.stream(links)
                .filter(link -> link != null && !(link.isHeard() && link.isHearing()))
                .map(PeerLink::peer)
                .toList();
    }

    private static String missing(final PeerLink[] links) {
        final List<Integer> deaf = new ArrayList<>();
        final List<Integer> silent = new ArrayList<>();
        for (final PeerLink link : links) {
            if (link != null && !link.isHeard()) {
                deaf.add(link.peer());
            }
            if (link != null && !link.isHearing()) {
                silent.add(link.peer());
            }
        }
        return "members=" + deaf + " do not receive from this rank, nothing arrives from members=" + silent;
    }

    private int receiveWindowLength(final List<Endpoint> members) {
        final boolean isOneHost =
                members.stream().allMatch(member -> member.driverDirectory().equals(endpoint.driverDirectory()));
        return isOneHost
                ? Integer.MAX_VALUE
                : LinkGeometry.creditedLength(members.stream()
                        .mapToInt(Endpoint::receiveBufferLength)
                        .reduce(geometry.receiveBufferLength(), Math::min));
    }
}
