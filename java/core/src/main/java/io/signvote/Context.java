package io.signvote;

import io.signvote.Configuration.Host;
import io.signvote.Configuration.PlanKind;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * What a communicator is made from. Holds what {@link Configuration} finds until told otherwise. Whoever makes a
 * communicator from it checks and freezes it. Serves one communicator (or one local job). Not thread-safe.
 */
public final class Context {
    private int rank = Configuration.rank();
    private int worldSize = Configuration.worldSize();
    private String masterAddress = Configuration.masterAddress();
    private int masterPort = Configuration.masterPort();
    private String job = Configuration.job();
    private Host coordinator = Configuration.coordinator();
    private String secretFile = Configuration.secretFile();
    private boolean insecure = Configuration.insecure();
    private long joinTimeoutNs = Configuration.joinTimeoutNs();
    private long timeoutNs = Configuration.timeoutNs();
    private long suspicionTimeoutNs = Configuration.suspicionTimeoutNs();
    private PlanKind plan = Configuration.plan();
    private long seed = Configuration.seed();
    private ZeroPolicy zeroPolicy = Configuration.zeroPolicy();
    private TiePolicy tiePolicy = Configuration.tiePolicy();
    private boolean strict = Configuration.strict();
    private String kernel = Configuration.kernel();
    private String kernelIsaMax = Configuration.kernelIsaMax();
    private String aeronDirectory = Configuration.aeronDirectory();
    private String interfaceAddress = Configuration.interfaceAddress();
    private int port = Configuration.port();
    private int mtuLength = Configuration.mtuLength();
    private int socketBufferLength = Configuration.socketBufferLength();
    private int credit = Configuration.credit();
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private Supplier<IdleStrategy> idleStrategy;
    private UnaryOperator<Kernels> kernelDecorator = UnaryOperator.identity();
    private final Set<String> given = new HashSet<>();
    private boolean isConcluded;

    /** A context with what properties and environment say. */
    public Context() {}

    /**
     * {@return our rank, 0 to worldSize - 1; see {@link Configuration#RANK_PROP_NAME}} If the world size was set to 1 and the
     * rank was not set, it is 0, whatever a launcher gives.
     */
    public int rank() {
        final boolean isAlone = worldSize == 1 && isGiven(Configuration.WORLD_SIZE_PROP_NAME);
        return isAlone && !isGiven(Configuration.RANK_PROP_NAME) ? 0 : rank;
    }

    /**
     * Sets {@link #rank()}.
     *
     * @param value as {@link #rank()} describes it.
     * @return this.
     */
    public Context rank(final int value) {
        ensureOpen();
        rank = value;
        given.add(Configuration.RANK_PROP_NAME);
        return this;
    }

    /** {@return ranks of the job, 1 to 255; see {@link Configuration#WORLD_SIZE_PROP_NAME}} */
    public int worldSize() {
        return worldSize;
    }

    /**
     * Sets {@link #worldSize()}.
     *
     * @param value as {@link #worldSize()} describes it.
     * @return this.
     */
    public Context worldSize(final int value) {
        ensureOpen();
        worldSize = value;
        given.add(Configuration.WORLD_SIZE_PROP_NAME);
        return this;
    }

    /** {@return host name or address of the coordinator; see {@link Configuration#MASTER_ADDRESS_PROP_NAME}} */
    public String masterAddress() {
        return masterAddress;
    }

    /**
     * Sets {@link #masterAddress()}.
     *
     * @param value as {@link #masterAddress()} describes it.
     * @return this.
     */
    public Context masterAddress(final String value) {
        ensureOpen();
        masterAddress = value;
        given.add(Configuration.MASTER_ADDRESS_PROP_NAME);
        return this;
    }

    /** {@return TCP port of the coordinator; see {@link Configuration#MASTER_PORT_PROP_NAME}} */
    public int masterPort() {
        return masterPort;
    }

    /**
     * Sets {@link #masterPort()}.
     *
     * @param value as {@link #masterPort()} describes it.
     * @return this.
     */
    public Context masterPort(final int value) {
        ensureOpen();
        masterPort = value;
        given.add(Configuration.MASTER_PORT_PROP_NAME);
        return this;
    }

    /** {@return name of the job, empty where it has none; see {@link Configuration#JOB_PROP_NAME}} */
    public String job() {
        return job;
    }

    /**
     * Sets {@link #job()}.
     *
     * @param value as {@link #job()} describes it.
     * @return this.
     */
    public Context job(final String value) {
        ensureOpen();
        job = value;
        return this;
    }

    /**
     * {@return who hosts the coordinator}
     *
     * @see Configuration#COORDINATOR_PROP_NAME
     */
    public Host coordinator() {
        return coordinator;
    }

    /**
     * Sets {@link #coordinator()}.
     *
     * @param value as {@link #coordinator()} describes it.
     * @return this.
     */
    public Context coordinator(final Host value) {
        ensureOpen();
        coordinator = value;
        return this;
    }

    /**
     * {@return file that holds the secret of the job, at least 16 bytes; empty for none}
     *
     * @see Configuration#SECRET_FILE_PROP_NAME
     */
    public String secretFile() {
        return secretFile;
    }

    /**
     * Sets {@link #secretFile()}.
     *
     * @param value as {@link #secretFile()} describes it.
     * @return this.
     */
    public Context secretFile(final String value) {
        ensureOpen();
        secretFile = value;
        return this;
    }

    /**
     * {@return whether ranks of other machines may join without a secret}
     *
     * @see Configuration#INSECURE_PROP_NAME
     */
    public boolean insecure() {
        return insecure;
    }

    /**
     * Sets {@link #insecure()}.
     *
     * @param value as {@link #insecure()} describes it.
     * @return this.
     */
    public Context insecure(final boolean value) {
        ensureOpen();
        insecure = value;
        return this;
    }

    /**
     * {@return time for all members to come, in nanoseconds}
     *
     * @see Configuration#JOIN_TIMEOUT_PROP_NAME
     */
    public long joinTimeoutNs() {
        return joinTimeoutNs;
    }

    /**
     * Sets {@link #joinTimeoutNs()}.
     *
     * @param value as {@link #joinTimeoutNs()} describes it.
     * @return this.
     */
    public Context joinTimeoutNs(final long value) {
        ensureOpen();
        joinTimeoutNs = value;
        return this;
    }

    /**
     * {@return longest time that a round may go on without progress, in nanoseconds}
     *
     * @see Configuration#TIMEOUT_PROP_NAME
     */
    public long timeoutNs() {
        return timeoutNs;
    }

    /**
     * Sets {@link #timeoutNs()}.
     *
     * @param value as {@link #timeoutNs()} describes it.
     * @return this.
     */
    public Context timeoutNs(final long value) {
        ensureOpen();
        timeoutNs = value;
        return this;
    }

    /**
     * {@return silence after which a member counts as lost; heartbeats come ten times as often, in nanoseconds}
     *
     * @see Configuration#SUSPICION_TIMEOUT_PROP_NAME
     */
    public long suspicionTimeoutNs() {
        return suspicionTimeoutNs;
    }

    /**
     * Sets {@link #suspicionTimeoutNs()}.
     *
     * @param value as {@link #suspicionTimeoutNs()} describes it.
     * @return this.
     */
    public Context suspicionTimeoutNs(final long value) {
        ensureOpen();
        suspicionTimeoutNs = value;
        return this;
    }

    /**
     * {@return who tallies what}
     *
     * @see Configuration#PLAN_PROP_NAME
     */
    public PlanKind plan() {
        return plan;
    }

    /**
     * Sets {@link #plan()}.
     *
     * @param value as {@link #plan()} describes it.
     * @return this.
     */
    public Context plan(final PlanKind value) {
        ensureOpen();
        plan = value;
        return this;
    }

    /**
     * {@return seed of the lots that zeros and ties draw, equal on all ranks}
     *
     * @see Configuration#SEED_PROP_NAME
     */
    public long seed() {
        return seed;
    }

    /**
     * Sets {@link #seed()}.
     *
     * @param value as {@link #seed()} describes it.
     * @return this.
     */
    public Context seed(final long value) {
        ensureOpen();
        seed = value;
        return this;
    }

    /**
     * {@return what a zero votes}
     *
     * @see Configuration#ZEROS_PROP_NAME
     */
    public ZeroPolicy zeroPolicy() {
        return zeroPolicy;
    }

    /**
     * Sets {@link #zeroPolicy()}.
     *
     * @param value as {@link #zeroPolicy()} describes it.
     * @return this.
     */
    public Context zeroPolicy(final ZeroPolicy value) {
        ensureOpen();
        zeroPolicy = value;
        return this;
    }

    /**
     * {@return what a tie gives}
     *
     * @see Configuration#TIES_PROP_NAME
     */
    public TiePolicy tiePolicy() {
        return tiePolicy;
    }

    /**
     * Sets {@link #tiePolicy()}.
     *
     * @param value as {@link #tiePolicy()} describes it.
     * @return this.
     */
    public Context tiePolicy(final TiePolicy value) {
        ensureOpen();
        tiePolicy = value;
        return this;
    }

    /**
     * {@return whether a value that is not finite is an error rather than a zero}
     *
     * @see Configuration#STRICT_PROP_NAME
     */
    public boolean strict() {
        return strict;
    }

    /**
     * Sets {@link #strict()}.
     *
     * @param value as {@link #strict()} describes it.
     * @return this.
     */
    public Context strict(final boolean value) {
        ensureOpen();
        strict = value;
        return this;
    }

    /**
     * {@return kernel backend: auto, scalar or native}
     *
     * @see Configuration#KERNEL_PROP_NAME
     */
    public String kernel() {
        return kernel;
    }

    /**
     * Sets {@link #kernel()}.
     *
     * @param value as {@link #kernel()} describes it.
     * @return this.
     */
    public Context kernel(final String value) {
        ensureOpen();
        kernel = value;
        return this;
    }

    /**
     * {@return highest instruction set that native kernels may use: scalar or avx2}
     *
     * @see Configuration#KERNEL_ISA_MAX_PROP_NAME
     */
    public String kernelIsaMax() {
        return kernelIsaMax;
    }

    /**
     * Sets {@link #kernelIsaMax()}.
     *
     * @param value as {@link #kernelIsaMax()} describes it.
     * @return this.
     */
    public Context kernelIsaMax(final String value) {
        ensureOpen();
        kernelIsaMax = value;
        return this;
    }

    /**
     * {@return directory of a running media driver to share; empty embeds one}
     *
     * @see Configuration#AERON_DIR_PROP_NAME
     */
    public String aeronDirectory() {
        return aeronDirectory;
    }

    /**
     * Sets {@link #aeronDirectory()}.
     *
     * @param value as {@link #aeronDirectory()} describes it.
     * @return this.
     */
    public Context aeronDirectory(final String value) {
        ensureOpen();
        aeronDirectory = value;
        return this;
    }

    /**
     * {@return address to listen on, by which the others reach us; empty takes the one that reached the coordinator}
     *
     * @see Configuration#INTERFACE_PROP_NAME
     */
    public String interfaceAddress() {
        return interfaceAddress;
    }

    /**
     * Sets {@link #interfaceAddress()}.
     *
     * @param value as {@link #interfaceAddress()} describes it.
     * @return this.
     */
    public Context interfaceAddress(final String value) {
        ensureOpen();
        interfaceAddress = value;
        return this;
    }

    /**
     * {@return UDP port of local rank 0, the next of local rank 1 and so on; 0 for ephemeral ones}
     *
     * @see Configuration#PORT_PROP_NAME
     */
    public int port() {
        return port;
    }

    /**
     * Sets {@link #port()}.
     *
     * @param value as {@link #port()} describes it.
     * @return this.
     */
    public Context port(final int value) {
        ensureOpen();
        port = value;
        return this;
    }

    /**
     * {@return UDP payload of the largest datagram, in bytes; 0 takes it from the interface}
     *
     * @see Configuration#MTU_PROP_NAME
     */
    public int mtuLength() {
        return mtuLength;
    }

    /**
     * Sets {@link #mtuLength()}.
     *
     * @param value as {@link #mtuLength()} describes it.
     * @return this.
     */
    public Context mtuLength(final int value) {
        ensureOpen();
        mtuLength = value;
        return this;
    }

    /**
     * {@return SO_RCVBUF and SO_SNDBUF that must be granted, in bytes; 0 takes what is granted}
     *
     * @see Configuration#SOCKET_BUFFER_PROP_NAME
     */
    public int socketBufferLength() {
        return socketBufferLength;
    }

    /**
     * Sets {@link #socketBufferLength()}.
     *
     * @param value as {@link #socketBufferLength()} describes it.
     * @return this.
     */
    public Context socketBufferLength(final int value) {
        ensureOpen();
        socketBufferLength = value;
        return this;
    }

    /**
     * {@return frames that one peer may have open towards another, 1 to 256; 0 adapts}
     *
     * @see Configuration#CREDIT_PROP_NAME
     */
    public int credit() {
        return credit;
    }

    /**
     * Sets {@link #credit()}.
     *
     * @param value as {@link #credit()} describes it.
     * @return this.
     */
    public Context credit(final int value) {
        ensureOpen();
        credit = value;
        return this;
    }

    /** {@return the clock of deadlines and rates} */
    public NanoClock clock() {
        return clock;
    }

    /**
     * Sets {@link #clock()}.
     *
     * @param value as {@link #clock()} describes it.
     * @return this.
     */
    public Context clock(final NanoClock value) {
        ensureOpen();
        clock = value;
        return this;
    }

    /** {@return makes what a thread does inside a call while there is nothing to do; null to suit the links} */
    public Supplier<IdleStrategy> idleStrategy() {
        return idleStrategy;
    }

    /**
     * Sets {@link #idleStrategy()}.
     *
     * @param value as {@link #idleStrategy()} describes it.
     * @return this.
     */
    public Context idleStrategy(final Supplier<IdleStrategy> value) {
        ensureOpen();
        idleStrategy = value;
        return this;
    }

    /**
     * {@return what is put before the chosen kernels, to time or count their calls; by default nothing is}
     *
     * <p>It is given the kernels once, and what it returns does all arithmetic of the communicator, or of all ranks of a local
     * job: under the contract of {@link Kernels}, with the same bits.
     */
    public UnaryOperator<Kernels> kernelDecorator() {
        return kernelDecorator;
    }

    /**
     * Sets {@link #kernelDecorator()}.
     *
     * @param value as {@link #kernelDecorator()} describes it.
     * @return this.
     */
    public Context kernelDecorator(final UnaryOperator<Kernels> value) {
        ensureOpen();
        kernelDecorator = value;
        return this;
    }

    /**
     * Checks every value and freezes the context.
     *
     * @return this.
     * @throws ConfigurationException naming the value and what is expected.
     */
    Context conclude() {
        ensureOpen();
        Assembly.ensureAccess();
        ContextRanges.check(this);
        isConcluded = true;
        return this;
    }

    /** Whether a program, a property or a variable of our own gave the value, whatever a launcher says. */
    boolean isGiven(final String name) {
        return given.contains(name) || Configuration.isGiven(name);
    }

    /** What gave a value that {@link #isGiven}: the program, or the property or variable that a message can name. */
    String giver(final String name) {
        if (given.contains(name)) {
            return "the program";
        }
        return System.getProperty(name) != null ? name : Configuration.variable(name);
    }

    private void ensureOpen() {
        if (isConcluded) {
            throw new IllegalStateException("this context is in use: make another one for another communicator");
        }
    }
}
