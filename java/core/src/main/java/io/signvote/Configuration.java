package io.signvote;

import io.signvote.Launcher.Variable;
import io.signvote.error.ConfigurationException;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.Arrays;
import java.util.Locale;
import org.agrona.SystemUtil;

/**
 * Options and their sources. The first source that has a value counts: the {@link Context}, the system property, the
 * variable of the same name in capitals ({@code signvote.aeron.dir}, {@code SIGNVOTE_AERON_DIR}), the variables of
 * the launcher, the default. An empty variable counts as not set. Sizes take units ({@code 64k}), durations too
 * ({@code 200ms}).
 */
public final class Configuration {
    /** Process that hosts the coordinator. */
    public enum Host {
        /** The process of rank 0. */
        RANK0,
        /** Another process, such as a launcher. */
        EXTERNAL
    }

    /** Members that tally, that is, count the votes. */
    public enum PlanKind {
        /** Every rank tallies its share, for speed. */
        SHARDED,
        /** Rank 0 tallies everything. */
        STAR,
        /** A server tallies everything. It is a process that calls {@link Communicator#serve} and has no rank. */
        SERVER
    }

    /** Property: rank of this process, 0 to worldSize - 1. Launchers set it by variables such as RANK. */
    public static final String RANK_PROP_NAME = "signvote.rank";

    /** Default of {@link #RANK_PROP_NAME}. */
    public static final int RANK_DEFAULT = 0;

    /** Property: number of ranks of the job, 1 to 255. Launchers set it by variables such as WORLD_SIZE. */
    public static final String WORLD_SIZE_PROP_NAME = "signvote.world.size";

    /** Default of {@link #WORLD_SIZE_PROP_NAME}. */
    public static final int WORLD_SIZE_DEFAULT = 1;

    /**
     * Property: host name or address of the coordinator. The launcher's MASTER_ADDR sets it, unless all ranks are on one
     * host. Then it is 127.0.0.1.
     */
    public static final String MASTER_ADDRESS_PROP_NAME = "signvote.master.address";

    /** Default of {@link #MASTER_ADDRESS_PROP_NAME}. */
    public static final String MASTER_ADDRESS_DEFAULT = "127.0.0.1";

    /**
     * Property: TCP port of the coordinator, 1 to 65535. The launcher's MASTER_PORT sets it. Under torchrun it is the
     * next port after MASTER_PORT. A Slurm step without MASTER_PORT has a port of its own.
     */
    public static final String MASTER_PORT_PROP_NAME = "signvote.master.port";

    /** Default of {@link #MASTER_PORT_PROP_NAME}. */
    public static final int MASTER_PORT_DEFAULT = 29500;

    /**
     * Property: name of the job, at most 255 bytes. The coordinator refuses a rank that gives another name. Launchers set
     * it.
     */
    public static final String JOB_PROP_NAME = "signvote.job";

    /** Default of {@link #JOB_PROP_NAME}. */
    public static final String JOB_DEFAULT = "";

    /**
     * Property: process that hosts the coordinator. {@code rank0}: the process of rank 0. {@code external}: another
     * process, such as a launcher.
     */
    public static final String COORDINATOR_PROP_NAME = "signvote.coordinator";

    /** Default of {@link #COORDINATOR_PROP_NAME}. */
    public static final Host COORDINATOR_DEFAULT = Host.RANK0;

    /**
     * Property: file with the secret of the job, at least 16 bytes. The variable SIGNVOTE_SECRET may hold the secret itself.
     */
    public static final String SECRET_FILE_PROP_NAME = "signvote.secret.file";

    /** Default of {@link #SECRET_FILE_PROP_NAME}. */
    public static final String SECRET_FILE_DEFAULT = "";

    /** Property: {@code true} lets ranks of other machines join without a secret. */
    public static final String INSECURE_PROP_NAME = "signvote.insecure";

    /** Default of {@link #INSECURE_PROP_NAME}. */
    public static final boolean INSECURE_DEFAULT = false;

    /** Property: longest time to wait until all members (ranks and server) have joined. */
    public static final String JOIN_TIMEOUT_PROP_NAME = "signvote.join.timeout";

    /** Default of {@link #JOIN_TIMEOUT_PROP_NAME}. */
    public static final String JOIN_TIMEOUT_DEFAULT = "60s";

    /**
     * Property: longest time that a round may go on without progress. After that the job ends with an error. This
     * finds ranks that live but do not make the call. Heartbeats find dead and silent ranks earlier.
     */
    public static final String TIMEOUT_PROP_NAME = "signvote.timeout";

    /** Default of {@link #TIMEOUT_PROP_NAME}. */
    public static final String TIMEOUT_DEFAULT = "300s";

    /**
     * Property: time of silence after which a member counts as lost. A member sends ten heartbeats in this time.
     * Choose a longer time than the garbage-collection pauses of a large heap.
     */
    public static final String SUSPICION_TIMEOUT_PROP_NAME = "signvote.suspicion.timeout";

    /** Default of {@link #SUSPICION_TIMEOUT_PROP_NAME}. */
    public static final String SUSPICION_TIMEOUT_DEFAULT = "10s";

    /**
     * Property: members that tally, that is, count the votes. {@code sharded}: every rank its share. {@code star}:
     * rank 0. {@code server}: a process that calls {@link Communicator#serve}. Equal on all ranks.
     */
    public static final String PLAN_PROP_NAME = "signvote.plan";

    /** Default of {@link #PLAN_PROP_NAME}. */
    public static final PlanKind PLAN_DEFAULT = PlanKind.SHARDED;

    /** Property: seed of the random bits (lots) for zeros and ties. Equal on all ranks. */
    public static final String SEED_PROP_NAME = "signvote.seed";

    /** Default of {@link #SEED_PROP_NAME}. */
    public static final long SEED_DEFAULT = 0;

    /** Property: vote of a zero, {@code random} or {@code positive}. Equal on all ranks. */
    public static final String ZEROS_PROP_NAME = "signvote.zeros";

    /** Default of {@link #ZEROS_PROP_NAME}. */
    public static final ZeroPolicy ZEROS_DEFAULT = ZeroPolicy.RANDOM;

    /** Property: verdict of a tie, {@code random}, {@code positive} or {@code negative}. Equal on all ranks. */
    public static final String TIES_PROP_NAME = "signvote.ties";

    /** Default of {@link #TIES_PROP_NAME}. */
    public static final TiePolicy TIES_DEFAULT = TiePolicy.RANDOM;

    /** Property: {@code true} makes a value that is not finite an error. Otherwise it votes as a zero. */
    public static final String STRICT_PROP_NAME = "signvote.strict";

    /** Default of {@link #STRICT_PROP_NAME}. */
    public static final boolean STRICT_DEFAULT = false;

    /**
     * Property: kernel backend for host memory, {@code auto}, {@code scalar} or {@code native}. Only {@code auto} falls
     * back to another backend.
     */
    public static final String KERNEL_PROP_NAME = "signvote.kernel";

    /** Default of {@link #KERNEL_PROP_NAME}. */
    public static final String KERNEL_DEFAULT = "auto";

    /** Property: highest tier of the native kernels, {@code scalar} or {@code avx2}. */
    public static final String KERNEL_ISA_MAX_PROP_NAME = "signvote.kernel.isa.max";

    /** Default of {@link #KERNEL_ISA_MAX_PROP_NAME}. */
    public static final String KERNEL_ISA_MAX_DEFAULT = "avx2";

    /**
     * Property: directory of a running media driver to share. Without this option the process starts its own media
     * driver.
     */
    public static final String AERON_DIR_PROP_NAME = "signvote.aeron.dir";

    /** Default of {@link #AERON_DIR_PROP_NAME}. */
    public static final String AERON_DIR_DEFAULT = "";

    /**
     * Property: local address at which the other ranks reach this one. Without this option it is the local address of
     * the connection to the coordinator.
     */
    public static final String INTERFACE_PROP_NAME = "signvote.interface";

    /** Default of {@link #INTERFACE_PROP_NAME}. */
    public static final String INTERFACE_DEFAULT = "";

    /**
     * Property: UDP port of local rank 0, the first rank of this host. Local rank 1 takes the next port, and so on. 0
     * takes any free port.
     */
    public static final String PORT_PROP_NAME = "signvote.port";

    /** Default of {@link #PORT_PROP_NAME}. */
    public static final int PORT_DEFAULT = 0;

    /**
     * Property: payload of the largest UDP datagram, in bytes, a multiple of 32. 0 takes the value of the interface.
     */
    public static final String MTU_PROP_NAME = "signvote.mtu";

    /** Default of {@link #MTU_PROP_NAME}. */
    public static final String MTU_DEFAULT = "0";

    /** Property: socket buffer size (SO_RCVBUF, SO_SNDBUF) to require, in bytes. 0 asks for 4 MiB and accepts less. */
    public static final String SOCKET_BUFFER_PROP_NAME = "signvote.socket.buffer";

    /** Default of {@link #SOCKET_BUFFER_PROP_NAME}. */
    public static final String SOCKET_BUFFER_DEFAULT = "0";

    /**
     * Property: frames that one member may have open (not yet answered) towards another, 1 to 256. 0 adapts the
     * number. Equal on all ranks.
     */
    public static final String CREDIT_PROP_NAME = "signvote.credit";

    /** Default of {@link #CREDIT_PROP_NAME}. */
    public static final int CREDIT_DEFAULT = 0;

    private static final int MAX_PORT = 65_535;
    private static final String LOCAL_RANK_NAME = "signvote.local.rank";
    private static final String LOCAL_WORLD_SIZE_NAME = "signvote.local.world.size";
    private static final Launcher LAUNCHER = Launcher.of(System.getenv());
    private static final Variable NO_VARIABLE = new Variable("", null, null);

    private Configuration() {}

    /** {@return value of {@link #RANK_PROP_NAME}} */
    public static int rank() {
        return (int) number(RANK_PROP_NAME, RANK_DEFAULT, 0, Integer.MAX_VALUE, LAUNCHER.rank());
    }

    /** {@return value of {@link #WORLD_SIZE_PROP_NAME}} */
    public static int worldSize() {
        return (int) number(WORLD_SIZE_PROP_NAME, WORLD_SIZE_DEFAULT, 1, Integer.MAX_VALUE, LAUNCHER.worldSize());
    }

    /** {@return value of {@link #MASTER_ADDRESS_PROP_NAME}} */
    public static String masterAddress() {
        return text(MASTER_ADDRESS_PROP_NAME, MASTER_ADDRESS_DEFAULT, LAUNCHER.masterAddress());
    }

    /** {@return value of {@link #MASTER_PORT_PROP_NAME}} */
    public static int masterPort() {
        return (int) number(MASTER_PORT_PROP_NAME, MASTER_PORT_DEFAULT, 1, MAX_PORT, LAUNCHER.masterPort());
    }

    /** {@return value of {@link #JOB_PROP_NAME}} */
    public static String job() {
        return text(JOB_PROP_NAME, LAUNCHER.job(), NO_VARIABLE);
    }

    /** {@return value of {@link #COORDINATOR_PROP_NAME}} */
    public static Host coordinator() {
        return choice(COORDINATOR_PROP_NAME, COORDINATOR_DEFAULT);
    }

    /** {@return value of {@link #SECRET_FILE_PROP_NAME}} */
    public static String secretFile() {
        return text(SECRET_FILE_PROP_NAME, SECRET_FILE_DEFAULT);
    }

    /** {@return value of {@link #INSECURE_PROP_NAME}} */
    public static boolean insecure() {
        return flag(INSECURE_PROP_NAME, INSECURE_DEFAULT);
    }

    /** {@return value of {@link #JOIN_TIMEOUT_PROP_NAME}} */
    public static long joinTimeoutNs() {
        return duration(JOIN_TIMEOUT_PROP_NAME, JOIN_TIMEOUT_DEFAULT);
    }

    /** {@return value of {@link #TIMEOUT_PROP_NAME}} */
    public static long timeoutNs() {
        return duration(TIMEOUT_PROP_NAME, TIMEOUT_DEFAULT);
    }

    /** {@return value of {@link #SUSPICION_TIMEOUT_PROP_NAME}} */
    public static long suspicionTimeoutNs() {
        return duration(SUSPICION_TIMEOUT_PROP_NAME, SUSPICION_TIMEOUT_DEFAULT);
    }

    /** {@return value of {@link #PLAN_PROP_NAME}} */
    public static PlanKind plan() {
        return choice(PLAN_PROP_NAME, PLAN_DEFAULT);
    }

    /** {@return value of {@link #SEED_PROP_NAME}} */
    public static long seed() {
        return number(SEED_PROP_NAME, SEED_DEFAULT, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** {@return value of {@link #ZEROS_PROP_NAME}} */
    public static ZeroPolicy zeroPolicy() {
        return choice(ZEROS_PROP_NAME, ZEROS_DEFAULT);
    }

    /** {@return value of {@link #TIES_PROP_NAME}} */
    public static TiePolicy tiePolicy() {
        return choice(TIES_PROP_NAME, TIES_DEFAULT);
    }

    /** {@return value of {@link #STRICT_PROP_NAME}} */
    public static boolean strict() {
        return flag(STRICT_PROP_NAME, STRICT_DEFAULT);
    }

    /** {@return value of {@link #KERNEL_PROP_NAME}} */
    public static String kernel() {
        return text(KERNEL_PROP_NAME, KERNEL_DEFAULT);
    }

    /** {@return value of {@link #KERNEL_ISA_MAX_PROP_NAME}} */
    public static String kernelIsaMax() {
        return text(KERNEL_ISA_MAX_PROP_NAME, KERNEL_ISA_MAX_DEFAULT);
    }

    /** {@return value of {@link #AERON_DIR_PROP_NAME}} */
    public static String aeronDirectory() {
        return text(AERON_DIR_PROP_NAME, AERON_DIR_DEFAULT);
    }

    /** {@return value of {@link #INTERFACE_PROP_NAME}} */
    public static String interfaceAddress() {
        return text(INTERFACE_PROP_NAME, INTERFACE_DEFAULT);
    }

    /** {@return value of {@link #PORT_PROP_NAME}} */
    public static int port() {
        return (int) number(PORT_PROP_NAME, PORT_DEFAULT, 0, MAX_PORT);
    }

    /** {@return value of {@link #MTU_PROP_NAME}} */
    public static int mtuLength() {
        return size(MTU_PROP_NAME, MTU_DEFAULT);
    }

    /** {@return value of {@link #SOCKET_BUFFER_PROP_NAME}} */
    public static int socketBufferLength() {
        return size(SOCKET_BUFFER_PROP_NAME, SOCKET_BUFFER_DEFAULT);
    }

    /** {@return value of {@link #CREDIT_PROP_NAME}} */
    public static int credit() {
        return (int) number(CREDIT_PROP_NAME, CREDIT_DEFAULT, 0, 256);
    }

    /** Who started this process. */
    static Launcher launcher() {
        return LAUNCHER;
    }

    /** Our place among the ranks of this host; no option, launchers say it. */
    static int localRank() {
        return (int) number(LOCAL_RANK_NAME, 0, 0, Integer.MAX_VALUE, LAUNCHER.localRank());
    }

    /** Ranks of this host; no option, launchers say it. */
    static int localWorldSize() {
        return (int) number(LOCAL_WORLD_SIZE_NAME, 1, 1, Integer.MAX_VALUE, LAUNCHER.localWorldSize());
    }

    /** Whether somebody said which of this host's ranks we are. */
    static boolean hasLocalRank() {
        return isGiven(LOCAL_RANK_NAME) || LAUNCHER.localRank().value() != null;
    }

    /** Whether somebody said how many ranks this host has. */
    static boolean hasLocalWorldSize() {
        return isGiven(LOCAL_WORLD_SIZE_NAME) || LAUNCHER.localWorldSize().value() != null;
    }

    /** Whether a setting gives the number of ranks of this host, rather than a launcher. */
    static boolean isLocalWorldSizeGiven() {
        return isGiven(LOCAL_WORLD_SIZE_NAME);
    }

    /** Whether the property or the variable of its name is set, whatever a launcher says. */
    static boolean isGiven(final String name) {
        return System.getProperty(name) != null || own(name) != null;
    }

    /** The variable of our own that gives a property; null if it is not set or empty. */
    private static String own(final String name) {
        final String value = System.getenv(variable(name));
        return value == null || value.isBlank() ? null : value;
    }

    /** The variable that gives a property. */
    static String variable(final String name) {
        return name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static String text(final String name, final String otherwise) {
        return text(name, otherwise, NO_VARIABLE);
    }

    private static String text(final String name, final String otherwise, final Variable launchers) {
        final String property = System.getProperty(name);
        final String own = own(name);
        final String other = launchers.value() == null ? otherwise : launchers.value();
        return (property != null ? property : own != null ? own : other).trim();
    }

    private static ConfigurationException nonsense(
            final String name, final String value, final String expected, final Throwable cause) {
        return nonsense(name, value, expected, cause, NO_VARIABLE);
    }

    /** A value that cannot be; a variable is named, for it may be a launcher's. */
    private static ConfigurationException nonsense(
            final String name,
            final String value,
            final String expected,
            final Throwable cause,
            final Variable launchers) {
        final boolean isOwn = own(name) != null;
        final String variable = System.getProperty(name) != null ? "" : isOwn ? variable(name) : launchers.name();
        return new ConfigurationException(
                name + "=" + value + (variable.isEmpty() ? "" : " from the variable " + variable) + ", expected "
                        + expected + Launcher.serviceRemedy(variable, value),
                cause);
    }

    private static long number(
            final String name, final long otherwise, final long least, final long most, final Variable launchers) {
        final String value = text(name, Long.toString(otherwise), launchers);
        NumberFormatException cause = null;
        try {
            final long number = isHexadecimal(value) ? Long.decode(value) : Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (final NumberFormatException e) {
            cause = e;
        }
        final String range = most == Integer.MAX_VALUE ? ", at least " + least : " from " + least + " to " + most;
        throw nonsense(name, value, "a whole number" + range, cause, launchers);
    }

    private static long number(final String name, final long otherwise, final long least, final long most) {
        return number(name, otherwise, least, most, NO_VARIABLE);
    }

    /** Launchers pad numbers with zeros, which must not make them octal. */
    private static boolean isHexadecimal(final String value) {
        return value.regionMatches(true, value.startsWith("-") ? 1 : 0, "0x", 0, 2);
    }

    private static long duration(final String name, final String otherwise) {
        final String value = text(name, otherwise);
        try {
            return SystemUtil.parseDuration(name, value);
        } catch (final NumberFormatException | IndexOutOfBoundsException e) {
            throw nonsense(name, value, "a duration such as 200ms or 60s", e);
        }
    }

    private static int size(final String name, final String otherwise) {
        final String value = text(name, otherwise);
        try {
            return Math.toIntExact(SystemUtil.parseSize(name, value));
        } catch (final NumberFormatException | ArithmeticException | IndexOutOfBoundsException e) {
            throw nonsense(name, value, "bytes below 2g such as 8960 or 4m", e);
        }
    }

    private static boolean flag(final String name, final boolean otherwise) {
        final String value = text(name, Boolean.toString(otherwise)).toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            throw nonsense(name, value, "true or false", null);
        }
        return value.equals("true");
    }

    private static <E extends Enum<E>> E choice(final String name, final E otherwise) {
        final String value = text(name, otherwise.name()).toUpperCase(Locale.ROOT);
        final Class<E> type = otherwise.getDeclaringClass();
        try {
            return Enum.valueOf(type, value);
        } catch (final IllegalArgumentException e) {
            final String expected = "one of " + Arrays.toString(type.getEnumConstants());
            throw nonsense(name, value.toLowerCase(Locale.ROOT), expected.toLowerCase(Locale.ROOT), e);
        }
    }
}
