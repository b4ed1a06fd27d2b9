package io.signvote;

import io.signvote.Launcher.Variable;
import io.signvote.kernel.jni.NativeKernels;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.RendezvousConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The list of options. An option takes its value from the first source that has one: the {@link Context}, the system
 * property, the variable of the same name in capitals ({@code signvote.aeron.dir}, {@code SIGNVOTE_AERON_DIR}), the
 * variables of the launcher, the default. An empty variable counts as not set. Sizes take units ({@code 64k}),
 * durations too ({@code 200ms}).
 *
 * <p>To add an option, declare it here and give {@link Context} a getter and a setter. {@code ci/write-pages} adds it to
 * the page of options.
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
        /** Every rank tallies everything. No rank needs to trust another to tally. */
        REPLICATED,
        /** A server tallies everything. It is a process that calls {@link Communicator#serve} and has no rank. */
        SERVER
    }

    private static final int MAX_PORT = 65_535;
    private static final Launcher LAUNCHER = Launcher.of(System.getenv());
    private static final List<Option<?>> OPTIONS = new ArrayList<>();

    /** {@link Context#rank()}. */
    public static final Option<Integer> RANK = option(
            "signvote.rank",
            Kind.wholeNumber(0, Integer.MAX_VALUE),
            "0",
            Launcher::rank,
            "rank of this process, less than the number of ranks. Launchers set it by variables such as RANK.");

    /** {@link Context#worldSize()}. */
    public static final Option<Integer> WORLD_SIZE = option(
            "signvote.world.size",
            Kind.wholeNumber(1, RendezvousConfig.MAX_WORLD_SIZE),
            "1",
            Launcher::worldSize,
            "number of ranks of the job. Launchers set it by variables such as WORLD_SIZE.");

    /** {@link Context#masterAddress()}. */
    public static final Option<String> MASTER_ADDRESS = option(
            "signvote.master.address",
            Kind.text("a host name or an address"),
            "127.0.0.1",
            Launcher::masterAddress,
            "host of the coordinator. The launcher's MASTER_ADDR sets it, unless all ranks are on one host. Then it is"
                    + " 127.0.0.1.");

    /** {@link Context#masterPort()}. */
    public static final Option<Integer> MASTER_PORT = option(
            "signvote.master.port",
            Kind.wholeNumber(1, MAX_PORT),
            "29500",
            Launcher::masterPort,
            "TCP port of the coordinator. The launcher's MASTER_PORT sets it. Under torchrun it is the next port after"
                    + " MASTER_PORT. A Slurm step without MASTER_PORT has a port of its own.");

    /** {@link Context#job()}. */
    public static final Option<String> JOB = option(
            "signvote.job",
            Kind.text("a name of at most " + RendezvousConfig.MAX_JOB_LENGTH + " bytes", RendezvousConfig::fitsJob),
            "",
            launcher -> launcher.job().isEmpty() ? Variable.NONE : new Variable("", launcher.job(), null),
            "name of the job. The coordinator refuses a rank that gives another name. Launchers set it.");

    /** {@link Context#coordinator()}. */
    public static final Option<Host> COORDINATOR = option(
            "signvote.coordinator",
            Kind.choice("", List.of(Host.values())),
            "rank0",
            "process that hosts the coordinator. `rank0`: the process of rank 0. `external`: another process, such as a"
                    + " launcher.");

    /** {@link Context#secretFile()}. */
    public static final Option<String> SECRET_FILE = option(
            "signvote.secret.file",
            Kind.text("a file"),
            "",
            "file with the secret of the job, at least " + RendezvousConfig.MIN_SECRET_LENGTH
                    + " bytes. The variable SIGNVOTE_SECRET may hold the secret itself.");

    /** {@link Context#insecure()}. */
    public static final Option<Boolean> INSECURE = option(
            "signvote.insecure", Kind.flag(), "false", "`true` lets ranks of other machines join without a secret.");

    /** {@link Context#joinTimeoutNs()}. */
    public static final Option<Long> JOIN_TIMEOUT = option(
            "signvote.join.timeout",
            Kind.duration(),
            "60s",
            "longest time to wait until all members (ranks and server) have joined.");

    /** {@link Context#timeoutNs()}. */
    public static final Option<Long> TIMEOUT = option(
            "signvote.timeout",
            Kind.duration(),
            "300s",
            "longest time that a round may go on without progress. After that the job ends with an error. This finds ranks"
                    + " that live but do not make the call. Heartbeats find dead and silent ranks earlier.");

    /** {@link Context#suspicionTimeoutNs()}. */
    public static final Option<Long> SUSPICION_TIMEOUT = option(
            "signvote.suspicion.timeout",
            Kind.duration(),
            "10s",
            "time of silence after which a member counts as lost. A member sends ten heartbeats in this time. Choose a"
                    + " longer time than the garbage-collection pauses of a large heap.");

    /** {@link Context#plan()}. */
    public static final Option<PlanKind> PLAN = compared(
            "signvote.plan",
            Kind.choice("", List.of(PlanKind.values())),
            "sharded",
            "members that tally, that is, count the votes. `sharded`: every rank its share. `star`: rank 0. `replicated`: every"
                    + " rank tallies everything. `server`: a"
                    + " process that calls `Communicator.serve`.");

    /** {@link Context#seed()}. */
    public static final Option<Long> SEED =
            compared("signvote.seed", Kind.longNumber(), "0", "seed of the random bits (lots) for zeros and ties.");

    /** {@link Context#zeroPolicy()}. */
    public static final Option<ZeroPolicy> ZEROS = compared(
            "signvote.zeros",
            Kind.choice(": abstain is not supported yet", List.of(ZeroPolicy.POSITIVE, ZeroPolicy.RANDOM)),
            "random",
            "vote of a zero.");

    /** {@link Context#tiePolicy()}. */
    public static final Option<TiePolicy> TIES = compared(
            "signvote.ties",
            Kind.choice(
                    ": zero is not supported yet, because it needs abstain",
                    List.of(TiePolicy.POSITIVE, TiePolicy.NEGATIVE, TiePolicy.RANDOM)),
            "random",
            "verdict of a tie.");

    /** {@link Context#strict()}. */
    public static final Option<Boolean> STRICT = option(
            "signvote.strict",
            Kind.flag(),
            "false",
            "`true` makes a value that is not finite an error. Otherwise it votes as a zero.");

    /** {@link Context#kernel()}. */
    public static final Option<String> KERNEL = option(
            "signvote.kernel",
            Kind.choice("", List.of("auto", "scalar", "native")),
            "auto",
            "kernel backend for host memory. Only `auto` falls back to another backend.");

    /** {@link Context#kernelIsaMax()}. */
    public static final Option<String> KERNEL_ISA_MAX = option(
            "signvote.kernel.isa.max",
            Kind.choice("", List.of("scalar", "avx2")),
            "avx2",
            "highest tier of the native kernels.");

    /** {@link Context#aeronDirectory()}. */
    public static final Option<String> AERON_DIR = option(
            "signvote.aeron.dir",
            Kind.text("a directory"),
            "",
            "directory of a running media driver to share. Without this option the process starts its own media driver.");

    /** {@link Context#interfaceAddress()}. */
    public static final Option<String> INTERFACE = option(
            "signvote.interface",
            Kind.text("an address"),
            "",
            "local address at which the other ranks reach this one. Without this option it is the local address of the"
                    + " connection to the coordinator.");

    /** {@link Context#port()}. */
    public static final Option<Integer> PORT = option(
            "signvote.port",
            Kind.wholeNumber(0, MAX_PORT),
            "0",
            "UDP port of local rank 0, the first rank of this host. Local rank 1 takes the next port, and so on. 0 takes any"
                    + " free port.");

    /** {@link Context#mtuLength()}. */
    public static final Option<Integer> MTU = option(
            "signvote.mtu",
            Kind.size("bytes such as 8960, or 0"),
            "0",
            "payload of the largest UDP datagram, a multiple of 32. 0 means the largest payload that fits the MTU of"
                    + " the interface.");

    /** {@link Context#socketBufferLength()}. */
    public static final Option<Integer> SOCKET_BUFFER = option(
            "signvote.socket.buffer",
            Kind.size("bytes below 2g such as 65536 or 4m"),
            "0",
            "socket buffer size (SO_RCVBUF, SO_SNDBUF) to require. 0 asks for 4 MiB and accepts less.");

    /** {@link Context#credit()}. */
    public static final Option<Integer> CREDIT = compared(
            "signvote.credit",
            Kind.wholeNumber(0, 256),
            "0",
            "frames that one member may have open (not yet answered) towards another. 0 adapts the number.");

    /** {@link NativeKernels#PATH_PROP_NAME}. */
    public static final Option<String> NATIVE_PATH = option(
            NativeKernels.PATH_PROP_NAME,
            Kind.text("a file"),
            "",
            "shared library of the native kernels to load instead of the one in the jar. Then SignVote tries no other"
                    + " library. A process reads this option once, at the first use, and not from `Context`.");

    /** Our place among the ranks of this host. Launchers give it, so it has no row on the page of options. */
    static final Option<Integer> LOCAL_RANK = new Option<>(
            "signvote.local.rank", Kind.wholeNumber(0, Integer.MAX_VALUE), "0", Launcher::localRank, false, "");

    /** Ranks of this host. Launchers give it, so it has no row on the page of options. */
    static final Option<Integer> LOCAL_WORLD_SIZE = new Option<>(
            "signvote.local.world.size",
            Kind.wholeNumber(1, Integer.MAX_VALUE),
            "1",
            Launcher::localWorldSize,
            false,
            "");

    private Configuration() {}

    /** {@return all options, in the order of the page} */
    public static List<Option<?>> options() {
        return List.copyOf(OPTIONS);
    }

    /** Who started this process. */
    static Launcher launcher() {
        return LAUNCHER;
    }

    private static <T> Option<T> option(
            final String name, final Kind<T> kind, final String defaultText, final String meaning) {
        return option(name, kind, defaultText, launcher -> Variable.NONE, meaning);
    }

    private static <T> Option<T> option(
            final String name,
            final Kind<T> kind,
            final String defaultText,
            final Function<Launcher, Variable> launched,
            final String meaning) {
        return listed(new Option<>(name, kind, defaultText, launched, false, meaning));
    }

    /** An option that the coordinator compares between the members of a job. */
    private static <T> Option<T> compared(
            final String name, final Kind<T> kind, final String defaultText, final String meaning) {
        return listed(new Option<>(
                name, kind, defaultText, launcher -> Variable.NONE, true, meaning + " Equal on all ranks."));
    }

    private static <T> Option<T> listed(final Option<T> option) {
        OPTIONS.add(option);
        return option;
    }
}
