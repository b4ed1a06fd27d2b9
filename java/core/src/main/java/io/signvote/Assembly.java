package io.signvote;

import io.signvote.bits.OffHeap;
import io.signvote.build.Build;
import io.signvote.collective.Engine;
import io.signvote.collective.Failures;
import io.signvote.collective.Group;
import io.signvote.collective.Plan;
import io.signvote.collective.RoundSettings;
import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import io.signvote.kernel.Kernels;
import io.signvote.rendezvous.Coordinator;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.rendezvous.Member;
import io.signvote.rendezvous.RendezvousConfig;
import io.signvote.rendezvous.RendezvousConfig.Role;
import io.signvote.rendezvous.Roster;
import io.signvote.transport.Transport;
import io.signvote.transport.aeron.AeronNode;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.local.LocalTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/**
 * Connects a process to its job. Starts the coordinator, joins the rendezvous, connects the transport and makes the
 * engine, in that order. Control plane.
 */
final class Assembly {
    private static final System.Logger LOGGER = System.getLogger("io.signvote");
    private static final long LEAVE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    /** Options that the line at the start shows with their source. */
    private static final Set<Option<?>> SHOWN =
            Set.of(Configuration.RANK, Configuration.WORLD_SIZE, Configuration.KERNEL);

    private Assembly() {}

    static Communicator join(final Context context, final Role role) {
        final Placement placement = new Placement(context, Configuration.launcher(), role);
        placement.check();
        context.conclude();
        if (role == Role.SERVER && !placement.hasServer()) {
            throw new ConfigurationException(
                    "signvote.plan=" + context.plan().name().toLowerCase(Locale.ROOT)
                            + " has no server, set signvote.plan=server on every member");
        }
        if (placement.isAlone()) {
            return alone(context, placement);
        }
        final RendezvousConfig config = config(context, placement, role);
        checkAddresses(context, placement, config);

        final Seat seat = Seat.take(config);
        Coordinator coordinator = null;
        Member member = null;
        AeronNode node = null;
        Roster roster = null;
        Engine engine = null;
        try {
            final KernelChoice choice = KernelChoice.of(context);
            warn((role == Role.SERVER ? "server: " : "rank " + config.rank() + ": "), choice);
            coordinator = placement.isHost()
                    ? Coordinator.start(config, error -> LOGGER.log(System.Logger.Level.WARNING, error.getMessage()))
                    : null;
            member = Member.connect(config);
            node = open(context, role, member);
            node.notes().forEach(note -> LOGGER.log(System.Logger.Level.WARNING, note));
            roster = member.join(node.endpoint());
            final Transport transport = connect(node, member, roster, config);
            log(context, placement, choice, transport);
            engine = new Engine(
                    transport,
                    member,
                    choice.kernels(),
                    context.clock(),
                    roundSettings(context, roster.sessionKey(), roster.view()));
            return new Communicator(
                    context,
                    choice.kernels(),
                    transport,
                    engine,
                    context.worldSize(),
                    Branch.world(new Branch.Shared(
                            member,
                            shutdown(coordinator, member, seat),
                            new Carrier.OverAeron(node, member, roster, config.joinTimeoutNs()),
                            roster.sessionKey(),
                            roster.view())),
                    LEAVE_TIMEOUT_NS);
        } catch (final Throwable e) {
            // catches any throwable: Agrona and languages without checked exceptions throw more than Java declares
            if (roster != null && member.failure() == null) {
                // fail the job: after a normal goodbye, the ranks that are connected already would wait for our ballots
                member.fail(new Failure(
                        Failure.Kind.ABORTED,
                        List.of(config.rank()),
                        (role == Role.SERVER ? "the server" : "rank " + config.rank()) + " gave up while it connected: "
                                + (e.getMessage() == null ? e : e.getMessage())));
            }
            giveBack(engine, node, member, coordinator, seat);
            if (e instanceof RuntimeException || e instanceof Error) {
                throw e;
            }
            throw new RendezvousException(
                    (role == Role.SERVER ? "server" : "rank " + context.rank())
                            + (Thread.currentThread().isInterrupted()
                                    ? ": interrupted while it connected: "
                                    : ": cannot connect: ")
                            + e,
                    List.of(),
                    Thread.currentThread().isInterrupted(),
                    e);
        }
    }

    /**
     * Closes all of these, on an interrupted thread too. A close that waits must be able to wait. Otherwise threads,
     * ports and directories stay behind.
     */
    private static void giveBack(final AutoCloseable... held) {
        final Departure departure = new Departure();
        CloseHelper.quietCloseAll(held);
        departure.close();
    }

    /** Makes the only rank of a job. It needs no driver, no socket and no port. */
    private static Communicator alone(final Context context, final Placement placement) {
        final KernelChoice choice = KernelChoice.of(context);
        log(context, placement, choice, "no links");
        return local(context, choice)[0];
    }

    /** Makes the ranks of one process. */
    static Communicator[] local(final int size, final Context context) {
        context.rank(0).worldSize(size).conclude();
        if (context.plan() == Configuration.PlanKind.SERVER) {
            throw new ConfigurationException("signvote.plan=server cannot run inside one process, use sharded or star");
        }
        return local(context, KernelChoice.of(context));
    }

    private static Communicator[] local(final Context context, final KernelChoice choice) {
        warn("", choice);
        final int size = context.worldSize();
        final Kernels kernels = choice.kernels();
        final LocalTransport[] transports = LocalTransport.create(size);
        final List<LocalMembership> memberships = LocalMembership.create(size);
        final Carrier carrier = new Carrier.InProcess();
        final Communicator[] communicators = new Communicator[size];
        for (int rank = 0; rank < size; rank++) {
            final Engine engine = new Engine(
                    transports[rank], memberships.get(rank), kernels, context.clock(), roundSettings(context, 0, 1));
            final Branch branch = Branch.world(new Branch.Shared(memberships.get(rank), null, carrier, 0, 1));
            communicators[rank] = new Communicator(context, kernels, transports[rank], engine, size, branch, 0);
        }
        return communicators;
    }

    static RoundSettings roundSettings(final Context context, final long sessionKey, final int view) {
        return roundSettings(context, sessionKey, view, context.worldSize(), Communicator.WORLD, Group.WORLD);
    }

    static RoundSettings roundSettings(
            final Context context,
            final long sessionKey,
            final int view,
            final int ranks,
            final long communicator,
            final Group group) {
        final Plan plan = switch (context.plan()) {
            case SHARDED -> new Plan.Sharded(ranks);
            case STAR -> new Plan.Star(ranks, 0);
            case REPLICATED -> new Plan.Replicated(ranks);
            case SERVER -> new Plan.Star(ranks, ranks);
        };
        return new RoundSettings(
                sessionKey,
                view,
                ranks,
                plan,
                context.seed(),
                communicator,
                context.credit(),
                context.timeoutNs(),
                group);
    }

    /** Checks the address of the host name if it resolves now. The name may resolve later. */
    private static void checkAddresses(
            final Context context, final Placement placement, final RendezvousConfig config) {
        final HostAddresses addresses = HostAddresses.find();
        if (!context.interfaceAddress().isEmpty()) {
            addresses.checkInterface(context.interfaceAddress(), placement.isSpread());
        }
        final InetAddress address;
        try {
            address = InetAddress.getByName(HostAddresses.withoutScope(config.host()));
        } catch (final UnknownHostException e) {
            ensureSecret(config, "coordinator host " + config.host() + " is not known yet");
            return;
        }
        addresses.checkMaster(config.host(), address, placement.isHost(), placement.isSpread());
        if (!address.isLoopbackAddress()) {
            ensureSecret(config, "coordinator address " + address.getHostAddress() + " is not loopback");
        }
    }

    /**
     * Requires a secret, or signvote.insecure. A host knows its own names, so a name that is unknown here belongs to
     * another host.
     */
    private static void ensureSecret(final RendezvousConfig config, final String fact) {
        if (config.secret() == null && !config.isInsecure()) {
            throw new ConfigurationException(
                    fact + " and there is no secret: put at least " + RendezvousConfig.MIN_SECRET_LENGTH
                            + " random bytes into a file (head -c 32 /dev/urandom | base64 > FILE); "
                            + Configuration.launcher().secretRemedy()
                            + "; or set signvote.insecure=true if you trust everyone who can connect");
        }
    }

    /**
     * Requires that Agrona can access memory. Agrona uses a package of the JDK that the program must open to Agrona's
     * module.
     */
    static void ensureAccess() {
        try {
            new OffHeap(Long.BYTES).close();
        } catch (final LinkageError e) {
            final Module agrona = UnsafeApi.class.getModule();
            throw new ConfigurationException(
                    "java.base/jdk.internal.misc is closed to this program, start it with"
                            + " --add-opens java.base/jdk.internal.misc="
                            + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED, or with @java/jvm.options"),
                    e);
        }
    }

    /** Opens the node. If this process cannot listen, it reports the reason to the others at once. */
    private static AeronNode open(final Context context, final Role role, final Member member) {
        try {
            return AeronNode.open(settings(context, role, member.localAddress()));
        } catch (final Throwable e) {
            try {
                member.giveUp(e.getMessage() == null ? e.toString() : e.getMessage());
            } catch (final RuntimeException | Error second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private static Transport connect(
            final AeronNode node, final Member member, final Roster roster, final RendezvousConfig config) {
        return node.connect(
                roster.members(),
                config.rank(),
                roster.sessionKey(),
                System.nanoTime() + config.joinTimeoutNs(),
                () -> ensureWell(member));
    }

    /**
     * Throws if the job has failed. The coordinator detects a rank that dies while it connects, so nobody waits for
     * that rank until the deadline.
     */
    private static void ensureWell(final Member member) {
        final Failure failure = member.failure();
        if (failure != null) {
            throw Failures.exception(failure);
        }
    }

    /**
     * The coordinator waits until the other ranks have left, at most five seconds. If it closed earlier, the job would
     * end for them.
     */
    private static AutoCloseable shutdown(final Coordinator coordinator, final Member member, final Seat seat) {
        return () -> {
            try (seat;
                    coordinator) {
                if (coordinator != null && member.failure() == null) {
                    coordinator.awaitDeparture(LEAVE_TIMEOUT_NS);
                }
            }
        };
    }

    private static RendezvousConfig config(final Context context, final Placement placement, final Role role) {
        return new RendezvousConfig(
                placement.host(),
                context.masterPort(),
                role == Role.SERVER ? context.worldSize() : context.rank(),
                context.worldSize(),
                placement.hasServer(),
                role,
                secret(context),
                context.insecure(),
                context.joinTimeoutNs(),
                context.suspicionTimeoutNs() / RendezvousConfig.HEARTBEATS_PER_SUSPICION,
                context.suspicionTimeoutNs(),
                comparedSettings(context),
                context.job(),
                Build.current().text());
    }

    /**
     * The settings that must be equal on all members, as text. The page of the control protocol specifies this text.
     */
    static String comparedSettings(final Context context) {
        return context.print(Option::isCompared, ",");
    }

    private static AeronSettings settings(final Context context, final Role role, final String localAddress) {
        final int members = context.worldSize() + (context.plan() == Configuration.PlanKind.SERVER ? 1 : 0);
        // the server stands behind the ranks of its host
        final int localWorldSize = Configuration.LOCAL_WORLD_SIZE.value();
        final int localIndex = role == Role.SERVER ? localWorldSize : Configuration.LOCAL_RANK.value();
        return AeronSettings.builder(
                        HostAddresses.numeric(
                                context.interfaceAddress().isEmpty() ? localAddress : context.interfaceAddress()),
                        members)
                .port(context.port() == 0 ? 0 : context.port() + localIndex)
                .localMembers(Math.min(members, localWorldSize))
                .driverDirectory(context.aeronDirectory().isEmpty() ? null : Path.of(context.aeronDirectory()))
                .mtuLength(context.mtuLength())
                .socketBufferLength(context.socketBufferLength())
                .build();
    }

    static byte[] secret(final Context context) {
        final String variable = System.getenv("SIGNVOTE_SECRET");
        if (!context.secretFile().isEmpty()) {
            try {
                return withoutNewline(Files.readAllBytes(Path.of(context.secretFile())));
            } catch (final IOException e) {
                throw new ConfigurationException(
                        Configuration.SECRET_FILE.name() + "=" + context.secretFile() + " cannot be read: " + e, e);
            }
        }
        return variable == null ? null : variable.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The program that wrote the file may have added a newline. A shell that reads the file into a variable removes it,
     * so this does too.
     */
    private static byte[] withoutNewline(final byte[] secret) {
        final int length = secret.length;
        return length > 0 && secret[length - 1] == '\n' ? Arrays.copyOf(secret, length - 1) : secret;
    }

    private static void log(
            final Context context, final Placement placement, final KernelChoice choice, final Transport transport) {
        log(
                context,
                placement,
                choice,
                "frame=" + transport.maxFrameLength() + " receiveWindow=" + transport.receiveWindowLength());
    }

    private static void log(
            final Context context, final Placement placement, final KernelChoice choice, final String links) {
        LOGGER.log(
                placement.isRank0() ? System.Logger.Level.INFO : System.Logger.Level.DEBUG,
                "signvote ranks=" + context.worldSize() + " by " + placement.source() + " "
                        + comparedSettings(context) + " kernel="
                        + choice.kernels().name() + " (" + choice.reason() + ") "
                        + links + " " + otherSettings(context));
    }

    /** The timeout, and each option that {@link Context#isGiven} and that the line at the start does not show elsewhere. */
    private static String otherSettings(final Context context) {
        final Predicate<Option<?>> isOther = option -> !option.isCompared() && !SHOWN.contains(option);
        return context.print(isOther.and(option -> option == Configuration.TIMEOUT || context.isGiven(option)), " ");
    }

    private static void warn(final String who, final KernelChoice choice) {
        if (choice.warning() != null) {
            LOGGER.log(System.Logger.Level.WARNING, who + choice.warning());
        }
    }
}
