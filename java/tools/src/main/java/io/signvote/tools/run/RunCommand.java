package io.signvote.tools.run;

import io.signvote.Configuration;
import io.signvote.tools.Units;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Starts N ranks of one job on this machine. The environment of each contains RANK, LOCAL_RANK, WORLD_SIZE,
 * LOCAL_WORLD_SIZE, and the variables of {@link Services}. The launcher hosts the coordinator, the media driver and the
 * secret of the job.
 *
 * <p>The launcher passes INT, TERM and HUP on to every process of the job, and kills those that are left after a grace.
 * If the launcher itself is killed (SIGKILL), it can do nothing. Its ranks then lose the coordinator and end with a
 * typed error.
 */
@Command(
        name = "run",
        description = {
            "Starts N local ranks of a command, relays their output and ends all when one fails.",
            "Its code is 0 when all ranks ended with 0, else that of the first that did not (128 + n for signal n),"
                    + " 124 when the job ran out of time, 127 when the command cannot be started.",
            "The commands perf, serve and doctor are this program's own; write a path for others of that name."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class RunCommand implements Callable<Integer> {
    /** Label of a server. */
    static final String SERVER = "server";

    private static final String SIZE = Configuration.WORLD_SIZE.variable();

    /** Most ranks of a job: a tally counts to 255. */
    static final int MAX_RANKS = 255;

    @Spec
    private CommandSpec spec;

    @Option(names = "-np", required = true, paramLabel = "N", description = "Ranks, 1 to 255.")
    private int ranks;

    @Option(
            names = "--port",
            defaultValue = "0",
            paramLabel = "P",
            description = "Port of the coordinator on 127.0.0.1; 0, the default, takes a free one.")
    private int port;

    @Option(
            names = "--join",
            paramLabel = "TIME",
            converter = Units.DurationOption.class,
            description = "How long the coordinator waits for the last rank, 60s by default.")
    private Duration join;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Units.DurationOption.class,
            description = "Ends the job after this long, such as 90s or 10m; none by default.")
    private Duration timeout;

    @Option(
            names = "--grace",
            defaultValue = "5s",
            paramLabel = "TIME",
            converter = Units.DurationOption.class,
            description = "Between TERM and KILL when the job has to end, ${DEFAULT-VALUE} by default.")
    private Duration grace;

    @Option(names = "--server", description = "Adds a pure server, which tallies and casts no ballot (plan server).")
    private boolean hasServer;

    @Option(
            names = "--keep-going",
            description = {
                "Ends nobody when a rank fails, and starts nobody again: the others may connect again and wait for a new"
                        + " process of that rank, from its own command (sh -c 'until train; do :; done') or from elsewhere.",
                "The code is 0 when the last job ended well on all its ranks, else that of the first rank that failed."
            })
    private boolean isKeepingGoing;

    @Option(
            names = "--raw",
            paramLabel = "RANK",
            description = "Passes this rank's output on as it comes, without a prefix, for progress bars.")
    private Integer rawRank;

    @Parameters(arity = "1..*", paramLabel = "command", description = "Program and arguments, after --.")
    private List<String> command;

    private RunCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        check();
        final Console console =
                new Console(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
        try (Services services = new Services(ranks, hasServer)) {
            // set the hook before anything is made that could stay behind
            final AtomicReference<JobLauncher> launched = new AtomicReference<>();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(launched, services)));
            services.start(port, join == null ? Configuration.JOIN_TIMEOUT.value() : join.toNanos(), console);
            final JobLauncher job = new JobLauncher(
                    members(services),
                    grace.toNanos(),
                    timeout == null ? Long.MAX_VALUE : timeout.toNanos(),
                    console,
                    isKeepingGoing ? services::code : null);
            launched.set(job);
            if (services.isClosed()) {
                // the hook ran in between, and found no job
                job.kill();
            }
            for (final String signal : List.of("INT", "TERM", "HUP")) {
                Signals.handle(signal, job::onSignal);
            }
            return job.run();
        }
    }

    /**
     * Ends the job and the services. It looks for the job twice: close() waits for services that are being started, and
     * a job may exist by then.
     */
    private static void end(final AtomicReference<JobLauncher> launched, final Services services) {
        Optional.ofNullable(launched.get()).ifPresent(JobLauncher::kill);
        services.close();
        Optional.ofNullable(launched.get()).ifPresent(JobLauncher::kill);
    }

    private void check() {
        require(ranks >= 1 && ranks <= MAX_RANKS, "-np " + ranks + " is not in 1.." + MAX_RANKS);
        require(port >= 0 && port <= 65_535, "--port " + port + " is not in 0..65535");
        require(
                rawRank == null || rawRank >= 0 && rawRank < ranks,
                "--raw " + rawRank + " is not a rank of 0.." + (ranks - 1));
        require(
                !isKeepingGoing || !hasServer,
                "--keep-going with --server: the server leaves with its first job, start it with Communicator.serve");
        require(join == null || !join.isZero(), "--join 0 leaves no time to join");
        require(timeout == null || !timeout.isZero(), "--timeout 0 would end the job at once, leave it out for none");
    }

    private void require(final boolean condition, final String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private List<MemberCommand> members(final Services services) {
        final List<MemberCommand> members = new ArrayList<>();
        if (hasServer) {
            final Map<String, String> environment = environment(services);
            // the server follows the ranks: if ports are given, its port is the one after theirs
            environment.put("LOCAL_RANK", Integer.toString(ranks));
            members.add(new MemberCommand(SERVER, SelfCommand.expand(List.of("serve")), environment, false));
        }
        final List<String> expanded = SelfCommand.expand(command);
        for (int rank = 0; rank < ranks; rank++) {
            final Map<String, String> environment = environment(services);
            environment.put("RANK", Integer.toString(rank));
            environment.put("LOCAL_RANK", Integer.toString(rank));
            members.add(new MemberCommand(
                    Integer.toString(rank), expanded, environment, rawRank != null && rawRank == rank));
        }
        return members;
    }

    /** The variables that the ranks and the server share. */
    private Map<String, String> environment(final Services services) {
        final String size = Integer.toString(ranks);
        final Map<String, String> environment = new HashMap<>(services.environment());
        environment.put("WORLD_SIZE", size);
        environment.put("LOCAL_WORLD_SIZE", size);
        if (size.equals(System.getenv(SIZE))) {
            // states the size that is true, and shows that a job of one rank is intended
            environment.put(SIZE, size);
        }
        return environment;
    }
}
