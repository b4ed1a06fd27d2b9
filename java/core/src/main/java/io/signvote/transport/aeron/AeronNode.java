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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.agrona.CloseHelper;

/**
 * This process on the network: a media driver, embedded or shared, and the socket that the others send to. Opened
 * before the rendezvous, which tells {@link #endpoint()} to all, and connected after it. One thread opens, connects and
 * closes.
 */
public final class AeronNode implements AutoCloseable {
    private static final long CONNECT_PARK_NS = 200_000;
    private static final long FREED_TIMEOUT_NS = 2_000_000_000;
    private static final long FREED_PARK_NS = 20_000_000;

    private final AeronSettings settings;
    private final LinkGeometry geometry;
    private final List<String> notes;
    private final ErrorTrap errors = new ErrorTrap();
    private final Path directory;

    private MediaDriver driver;
    private Aeron aeron;
    private long tag;
    private Subscription holding;
    private Endpoint endpoint;
    private DriverPulse pulse;
    private boolean isDriverGone;
    private boolean isClosed;

    private AeronNode(
            final AeronSettings settings, final LinkGeometry geometry, final Path directory, final List<String> notes) {
        this.settings = settings;
        this.geometry = geometry;
        this.directory = directory;
        this.notes = List.copyOf(notes);
    }

    /**
     * Checks that this host can carry the job, starts or finds the driver, and listens.
     *
     * @param settings of the hall.
     * @return an open node; close it, or the transport that it becomes.
     * @throws ConfigurationException naming what is missing and its remedy; nothing is left behind.
     * @throws RendezvousException if this thread was interrupted; nothing is left behind, and the interrupt stays.
     */
    public static AeronNode open(final AeronSettings settings) {
        return open(settings, SharedMemory::freeLength, context -> {});
    }

    /**
     * The same for tests, which make memory scarce and networks lossy.
     *
     * @param freeLength asks a file system for its free bytes.
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
        final AeronNode node = new AeronNode(settings, geometry, directory, notes);
        try {
            node.start(adjustment);
            return node;
        } catch (final Throwable ex) {
            // whatever it is: Agrona also throws checked exceptions that nobody declares
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

    /** Logs of the job before stay in a shared driver until their readers have closed too, which takes a moment. */
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
     * Where we listen and what our links carry.
     *
     * @return told to every member in the roster.
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * What was found wanting and worked around, such as socket buffers below what was wished for, with the remedy.
     *
     * @return lines for the log, often none.
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Connects to every member, and waits until all streams stand in both directions.
     *
     * @param members endpoints of all members, ours included, as every member sees them.
     * @param self our index among them.
     * @param sessionKey of the job.
     * @param deadlineNs of {@link System#nanoTime()}.
     * @param watch asked while we wait; it throws what ends the wait.
     * @return the transport, which owns this node from now on.
     * @throws RendezvousException naming the members that were not reached in time or before this thread was interrupted; the
     *     node is still to be closed. The interrupt stays.
     */
    public Transport connect(
            final List<Endpoint> members,
            final int self,
            final long sessionKey,
            final long deadlineNs,
            final Runnable watch) {
        checkRoster(members, self);
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
            throw new RendezvousException(
                    "member=" + self + " cannot open its streams: " + ErrorTrap.reason(ex) + errors.summary(), ex);
        }
        return new AeronTransport(this, links, self, LinkGeometry.frameLength(mtuLength), receiveWindowLength(members));
    }

    /** The same for tests, whose members do not fail meanwhile. */
    Transport connect(final List<Endpoint> members, final int self, final long sessionKey, final long deadlineNs) {
        return connect(members, self, sessionKey, deadlineNs, () -> {});
    }

    /**
     * Releases the socket, the client and an embedded driver with its directory; also on a thread that is or will be interrupted.
     * Calling it again does nothing.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        Undisturbed.run(() -> {
            // a driver that is gone answers nothing, and the client would wait for its answer
            CloseHelper.quietCloseAll(isDriverGone ? null : holding, aeron, driver, pulse);
            if (isEmbedded()) {
                DriverDirectory.release(directory);
            }
        });
    }

    /** Throws when driver or client are gone, with the first cause. */
    void ensureAlive() {
        if (aeron.isClosed()) {
            throw new VoteException("the media driver in directory=" + directory
                    + " is gone, or this process stood still for longer than its driverTimeoutMs="
                    + aeron.context().driverTimeoutMs() + errors.summary() + ", start the job again");
        }
    }

    /**
     * Throws if the driver is gone: killed, stopped, or its thread has ended. Aeron's client would notice after a minute. Call it
     * repeatedly, as it watches the driver's heartbeat.
     */
    void ensureDriverBeats() {
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

    /** Of the driver. */
    Path directory() {
        return directory;
    }

    boolean isAlive() {
        return !aeron.isClosed();
    }

    boolean isEmbedded() {
        return settings.driverDirectory() == null;
    }

    /** Status messages that the driver has sent to anyone. */
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

    /** Aeron waits ten seconds for a driver to appear. Ours are there before anyone is told of them. */
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
