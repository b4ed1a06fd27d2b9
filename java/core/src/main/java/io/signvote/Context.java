package io.signvote;

import io.signvote.Configuration.Host;
import io.signvote.Configuration.PlanKind;
import io.signvote.Option.Setting;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The values from which a communicator is made. A new context holds what {@link Configuration} finds, and a program may set
 * other values. The call that makes the communicator checks all values and freezes the context. A context serves one
 * communicator, or one local job. Not thread-safe.
 */
public final class Context {
    private final Map<Option<?>, Object> values = new HashMap<>();
    private final Map<Option<?>, Setting> settings = new HashMap<>();
    private final Set<Option<?>> given = new HashSet<>();
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private Supplier<IdleStrategy> idleStrategy;
    private UnaryOperator<Kernels> kernelDecorator = UnaryOperator.identity();
    private boolean isConcluded;

    /**
     * A context with the values of properties, variables, launcher and defaults.
     *
     * @throws ConfigurationException naming the option and what is expected, if a text is no value of its option.
     */
    public Context() {
        Configuration.options().forEach(this::read);
    }

    /**
     * {@return rank of this process, 0 to worldSize - 1} If the world size was set to 1 and the rank was not set, it is 0,
     * whatever a launcher gives.
     */
    public int rank() {
        final boolean isAlone = worldSize() == 1 && isGiven(Configuration.WORLD_SIZE);
        return isAlone && !isGiven(Configuration.RANK) ? 0 : get(Configuration.RANK);
    }

    /**
     * {@return this context, with another {@link #rank()}}
     *
     * @param value as {@link #rank()} describes it.
     */
    public Context rank(final int value) {
        return set(Configuration.RANK, value);
    }

    /** {@return number of ranks of the job, 1 to 255} */
    public int worldSize() {
        return get(Configuration.WORLD_SIZE);
    }

    /**
     * {@return this context, with another {@link #worldSize()}}
     *
     * @param value as {@link #worldSize()} describes it.
     */
    public Context worldSize(final int value) {
        return set(Configuration.WORLD_SIZE, value);
    }

    /** {@return host name or address of the coordinator} */
    public String masterAddress() {
        return get(Configuration.MASTER_ADDRESS);
    }

    /**
     * {@return this context, with another {@link #masterAddress()}}
     *
     * @param value as {@link #masterAddress()} describes it.
     */
    public Context masterAddress(final String value) {
        return set(Configuration.MASTER_ADDRESS, value);
    }

    /** {@return TCP port of the coordinator, 1 to 65535} */
    public int masterPort() {
        return get(Configuration.MASTER_PORT);
    }

    /**
     * {@return this context, with another {@link #masterPort()}}
     *
     * @param value as {@link #masterPort()} describes it.
     */
    public Context masterPort(final int value) {
        return set(Configuration.MASTER_PORT, value);
    }

    /** {@return name of the job, at most 255 bytes; empty for none} */
    public String job() {
        return get(Configuration.JOB);
    }

    /**
     * {@return this context, with another {@link #job()}}
     *
     * @param value as {@link #job()} describes it.
     */
    public Context job(final String value) {
        return set(Configuration.JOB, value);
    }

    /** {@return process that hosts the coordinator} */
    public Host coordinator() {
        return get(Configuration.COORDINATOR);
    }

    /**
     * {@return this context, with another {@link #coordinator()}}
     *
     * @param value as {@link #coordinator()} describes it.
     */
    public Context coordinator(final Host value) {
        return set(Configuration.COORDINATOR, value);
    }

    /** {@return file with the secret of the job, at least 16 bytes; empty for none} */
    public String secretFile() {
        return get(Configuration.SECRET_FILE);
    }

    /**
     * {@return this context, with another {@link #secretFile()}}
     *
     * @param value as {@link #secretFile()} describes it.
     */
    public Context secretFile(final String value) {
        return set(Configuration.SECRET_FILE, value);
    }

    /** {@return whether ranks of other machines may join without a secret} */
    public boolean insecure() {
        return get(Configuration.INSECURE);
    }

    /**
     * {@return this context, with another {@link #insecure()}}
     *
     * @param value as {@link #insecure()} describes it.
     */
    public Context insecure(final boolean value) {
        return set(Configuration.INSECURE, value);
    }

    /** {@return longest time to wait until all members have joined, in nanoseconds} */
    public long joinTimeoutNs() {
        return get(Configuration.JOIN_TIMEOUT);
    }

    /**
     * {@return this context, with another {@link #joinTimeoutNs()}}
     *
     * @param value as {@link #joinTimeoutNs()} describes it.
     */
    public Context joinTimeoutNs(final long value) {
        return set(Configuration.JOIN_TIMEOUT, value);
    }

    /** {@return longest time that a round may go on without progress, in nanoseconds} */
    public long timeoutNs() {
        return get(Configuration.TIMEOUT);
    }

    /**
     * {@return this context, with another {@link #timeoutNs()}}
     *
     * @param value as {@link #timeoutNs()} describes it.
     */
    public Context timeoutNs(final long value) {
        return set(Configuration.TIMEOUT, value);
    }

    /** {@return silence after which a member counts as lost, in nanoseconds} */
    public long suspicionTimeoutNs() {
        return get(Configuration.SUSPICION_TIMEOUT);
    }

    /**
     * {@return this context, with another {@link #suspicionTimeoutNs()}}
     *
     * @param value as {@link #suspicionTimeoutNs()} describes it.
     */
    public Context suspicionTimeoutNs(final long value) {
        return set(Configuration.SUSPICION_TIMEOUT, value);
    }

    /** {@return members that tally; equal on all ranks} */
    public PlanKind plan() {
        return get(Configuration.PLAN);
    }

    /**
     * {@return this context, with another {@link #plan()}}
     *
     * @param value as {@link #plan()} describes it.
     */
    public Context plan(final PlanKind value) {
        return set(Configuration.PLAN, value);
    }

    /** {@return seed of the random bits for zeros and ties; equal on all ranks} */
    public long seed() {
        return get(Configuration.SEED);
    }

    /**
     * {@return this context, with another {@link #seed()}}
     *
     * @param value as {@link #seed()} describes it.
     */
    public Context seed(final long value) {
        return set(Configuration.SEED, value);
    }

    /** {@return vote of a zero; equal on all ranks} */
    public ZeroPolicy zeroPolicy() {
        return get(Configuration.ZEROS);
    }

    /**
     * {@return this context, with another {@link #zeroPolicy()}}
     *
     * @param value as {@link #zeroPolicy()} describes it.
     */
    public Context zeroPolicy(final ZeroPolicy value) {
        return set(Configuration.ZEROS, value);
    }

    /** {@return verdict of a tie; equal on all ranks} */
    public TiePolicy tiePolicy() {
        return get(Configuration.TIES);
    }

    /**
     * {@return this context, with another {@link #tiePolicy()}}
     *
     * @param value as {@link #tiePolicy()} describes it.
     */
    public Context tiePolicy(final TiePolicy value) {
        return set(Configuration.TIES, value);
    }

    /** {@return whether a value that is not finite is an error; otherwise it votes as a zero} */
    public boolean strict() {
        return get(Configuration.STRICT);
    }

    /**
     * {@return this context, with another {@link #strict()}}
     *
     * @param value as {@link #strict()} describes it.
     */
    public Context strict(final boolean value) {
        return set(Configuration.STRICT, value);
    }

    /** {@return kernel backend for host memory: auto, scalar or native} */
    public String kernel() {
        return get(Configuration.KERNEL);
    }

    /**
     * {@return this context, with another {@link #kernel()}}
     *
     * @param value as {@link #kernel()} describes it.
     */
    public Context kernel(final String value) {
        return set(Configuration.KERNEL, value);
    }

    /** {@return highest tier of the native kernels: scalar or avx2} */
    public String kernelIsaMax() {
        return get(Configuration.KERNEL_ISA_MAX);
    }

    /**
     * {@return this context, with another {@link #kernelIsaMax()}}
     *
     * @param value as {@link #kernelIsaMax()} describes it.
     */
    public Context kernelIsaMax(final String value) {
        return set(Configuration.KERNEL_ISA_MAX, value);
    }

    /** {@return directory of a running media driver to share; empty to start one in this process} */
    public String aeronDirectory() {
        return get(Configuration.AERON_DIR);
    }

    /**
     * {@return this context, with another {@link #aeronDirectory()}}
     *
     * @param value as {@link #aeronDirectory()} describes it.
     */
    public Context aeronDirectory(final String value) {
        return set(Configuration.AERON_DIR, value);
    }

    /**
     * {@return local address at which the other ranks reach this one; empty for that of the connection to the coordinator}
     */
    public String interfaceAddress() {
        return get(Configuration.INTERFACE);
    }

    /**
     * {@return this context, with another {@link #interfaceAddress()}}
     *
     * @param value as {@link #interfaceAddress()} describes it.
     */
    public Context interfaceAddress(final String value) {
        return set(Configuration.INTERFACE, value);
    }

    /** {@return UDP port of local rank 0, the next one of local rank 1, and so on; 0 for any free port} */
    public int port() {
        return get(Configuration.PORT);
    }

    /**
     * {@return this context, with another {@link #port()}}
     *
     * @param value as {@link #port()} describes it.
     */
    public Context port(final int value) {
        return set(Configuration.PORT, value);
    }

    /** {@return payload of the largest UDP datagram, in bytes, a multiple of 32; 0 for that of the interface} */
    public int mtuLength() {
        return get(Configuration.MTU);
    }

    /**
     * {@return this context, with another {@link #mtuLength()}}
     *
     * @param value as {@link #mtuLength()} describes it.
     */
    public Context mtuLength(final int value) {
        return set(Configuration.MTU, value);
    }

    /** {@return socket buffer size to require, in bytes; 0 to accept less than 4 MiB} */
    public int socketBufferLength() {
        return get(Configuration.SOCKET_BUFFER);
    }

    /**
     * {@return this context, with another {@link #socketBufferLength()}}
     *
     * @param value as {@link #socketBufferLength()} describes it.
     */
    public Context socketBufferLength(final int value) {
        return set(Configuration.SOCKET_BUFFER, value);
    }

    /** {@return frames that one member may have open towards another, 1 to 256; 0 to adapt; equal on all ranks} */
    public int credit() {
        return get(Configuration.CREDIT);
    }

    /**
     * {@return this context, with another {@link #credit()}}
     *
     * @param value as {@link #credit()} describes it.
     */
    public Context credit(final int value) {
        return set(Configuration.CREDIT, value);
    }

    /** {@return clock of deadlines and rates} */
    public NanoClock clock() {
        return clock;
    }

    /**
     * {@return this context, with another {@link #clock()}}
     *
     * @param value as {@link #clock()} describes it.
     */
    public Context clock(final NanoClock value) {
        ensureOpen();
        clock = value;
        return this;
    }

    /** {@return maker of the idle strategy of a thread that waits inside a call; null for one that suits the links} */
    public Supplier<IdleStrategy> idleStrategy() {
        return idleStrategy;
    }

    /**
     * {@return this context, with another {@link #idleStrategy()}}
     *
     * @param value as {@link #idleStrategy()} describes it.
     */
    public Context idleStrategy(final Supplier<IdleStrategy> value) {
        ensureOpen();
        idleStrategy = value;
        return this;
    }

    /**
     * {@return a function that wraps the chosen kernels, to time or count their calls; by default the identity}
     *
     * <p>The communicator calls the function once, with the chosen kernels. It uses the returned kernels for all arithmetic.
     * In a local job all ranks share these kernels. They must keep the contract of {@link Kernels} and give the same bits.
     */
    public UnaryOperator<Kernels> kernelDecorator() {
        return kernelDecorator;
    }

    /**
     * {@return this context, with another {@link #kernelDecorator()}}
     *
     * @param value as {@link #kernelDecorator()} describes it.
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
     * @throws ConfigurationException naming the option and what is expected.
     */
    Context conclude() {
        ensureOpen();
        Assembly.ensureAccess();
        Configuration.options().forEach(this::check);
        if (rank() >= worldSize()) {
            throw new ConfigurationException(
                    Configuration.RANK.name() + "=" + rank() + ", expected 0 to worldSize - 1 = " + (worldSize() - 1)
                            + ": set SIGNVOTE_RANK and SIGNVOTE_WORLD_SIZE");
        }
        isConcluded = true;
        return this;
    }

    /** Whether the program, a property or a variable of our own gave the value, whatever a launcher says. */
    boolean isGiven(final Option<?> option) {
        return given.contains(option) || option.isGiven();
    }

    /** The source of a value that {@link #isGiven}: the program, or the property or variable that a message can name. */
    String giver(final Option<?> option) {
        if (given.contains(option)) {
            return "the program";
        }
        return System.getProperty(option.name()) != null ? option.name() : option.variable();
    }

    /** Name and value, without the prefix of all names. */
    <T> String print(final Option<T> option) {
        return option.key() + "=" + option.print(get(option));
    }

    /** Names and values of the options that a filter takes, in the order of the list. */
    String print(final Predicate<Option<?>> filter, final String separator) {
        return Configuration.options().stream().filter(filter).map(this::print).collect(Collectors.joining(separator));
    }

    private void read(final Option<?> option) {
        final Setting setting = option.setting();
        settings.put(option, setting);
        values.put(option, option.read(setting));
    }

    private <T> void check(final Option<T> option) {
        option.check(get(option), settings.get(option));
    }

    @SuppressWarnings("unchecked") // an option's own values only come here
    private <T> T get(final Option<T> option) {
        return (T) values.get(option);
    }

    private <T> Context set(final Option<T> option, final T value) {
        ensureOpen();
        values.put(option, value);
        settings.put(option, option.fromProgram(value));
        given.add(option);
        return this;
    }

    private void ensureOpen() {
        if (isConcluded) {
            throw new IllegalStateException("this context is in use: make another one for another communicator");
        }
    }
}
