package io.signvote.tools.perf;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Configuration.PlanKind;
import io.signvote.Context;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.tools.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Stack;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures a job's collectives over a range of sizes. Every rank of the job runs it with the same options; rank 0
 * prints. Ends with 1 if a result was wrong.
 */
@Command(
        name = "perf",
        description = {
            "Measures collectives in the form of nccl-tests; every rank runs it, rank 0 prints.",
            "On this machine: signvote run -np 4 perf allreduce -b 64k -e 64M -f 4"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PerfCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "COLLECTIVE",
            description = "Such as allreduce, or all_reduce_perf, its program of nccl-tests."
                    + " Without it, a vote of packed signs is measured.")
    private String collective;

    @Option(
            names = {"-b", "--minbytes"},
            defaultValue = "8k",
            paramLabel = "SIZE",
            converter = Units.SizeOption.class,
            description = "Least size; a packed sign counts as 4 bytes; ${DEFAULT-VALUE} by default.")
    private long least;

    @Option(
            names = {"-e", "--maxbytes"},
            defaultValue = "64M",
            paramLabel = "SIZE",
            converter = Units.SizeOption.class,
            description = "Greatest size; ${DEFAULT-VALUE} by default.")
    private long greatest;

    @Option(
            names = {"-f", "--stepfactor"},
            defaultValue = "2",
            paramLabel = "N",
            description = "From one size to the next; ${DEFAULT-VALUE} by default.")
    private int factor;

    @Option(
            names = {"-n", "--iters"},
            defaultValue = "20",
            paramLabel = "N",
            description = "Rounds of a train; ${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(
            names = {"-w", "--warmup_iters"},
            defaultValue = "5",
            paramLabel = "N",
            description = "Rounds before each train; ${DEFAULT-VALUE} by default.")
    private int warmup;

    @Option(
            names = {"-c", "--check"},
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Results to check after each train. The first is the last of the train, the others and those in"
                            + " place are of more rounds; 0 checks none; ${DEFAULT-VALUE} by default.")
    private int checks;

    @Option(
            names = {"-o", "--op"},
            paramLabel = "OP",
            description = "Reduction: sum, prod, max, min, avg, band, bor, bxor, majority, or all; sum by default, of a"
                    + " vote majority. Collectives that do not reduce ignore it.")
    private String op;

    @Option(
            names = {"-d", "--datatype"},
            paramLabel = "TYPE",
            description = "Type: int8, uint8, int32, int64, half, float, double, bfloat16, bits, or all; float by"
                    + " default, of a vote bits.")
    private String type;

    @Option(
            names = {"-r", "--root"},
            defaultValue = "0",
            paramLabel = "RANK",
            description =
                    "Root, or -1 or all for every rank in turn; ${DEFAULT-VALUE} by default. Collectives without a"
                            + " root ignore it.")
    private String root;

    @Option(
            names = {"-a", "--average"},
            defaultValue = "1",
            paramLabel = "0..3",
            description = "Time to report: 0 of rank 0, 1 mean of ranks, 2 least, 3 greatest; ${DEFAULT-VALUE} by"
                    + " default.")
    private int average;

    @Option(
            names = {"-I", "--per_iter_timing"},
            arity = "0..1",
            paramLabel = "0|1",
            parameterConsumer = ZeroOrOne.class,
            description = "Adds percentiles of the times of single calls.")
    private boolean isEachTimed;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description =
                    "Who tallies: sharded, star, replicated or server; by default as for every program of the job.")
    private PlanTraffic plan;

    @ArgGroup
    private FormOptions form = new FormOptions();

    @Option(
            names = "--wire",
            paramLabel = "IFACE",
            description = "Prints the bytes that this interface has sent over the payload.")
    private String wireName;

    @Option(
            names = "--limit",
            paramLabel = "RATE",
            converter = Units.RateOption.class,
            description = "Rate of the links, such as 100mbit; prints how much of it the payload takes.")
    private Long limit;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the rows to a file as well.")
    private Path json;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Of all contributions, the same on every rank; ${DEFAULT-VALUE} by default.")
    private long seed;

    private PerfCommand() {}

    @Override
    public Integer call() {
        validate();
        final Selection selection = selection();
        if (json != null && Configuration.RANK.value() == 0) {
            JsonReport.ensureWritable(json);
        }
        final InterfaceCounters wire = wireName == null ? null : new InterfaceCounters(wireName);
        if (wire != null) {
            wire.sentBytes();
        }
        if (plan == null) {
            plan = PlanTraffic.valueOf(Configuration.PLAN.value().name());
        }
        final Context context = new Context().plan(PlanKind.valueOf(plan.name()));
        try (Communicator communicator = Communicator.connect(context)) {
            final Job job = new Job(communicator);
            final Train train = new Train(
                    job,
                    seed,
                    new Train.Rounds(warmup, rounds, checks, isEachTimed),
                    Average.values()[average]::of,
                    wire,
                    localRanks(communicator.size()));
            return measure(job, train, selection) == 0 ? 0 : 1;
        }
    }

    private long measure(final Job job, final Train train, final Selection selection) {
        final int worldSize = job.size();
        final List<List<Contender>> groups = selection.groups(worldSize);
        final boolean isPrinter = job.rank() == 0;
        final Terms terms = new Terms(
                worldSize, plan, !Configuration.AERON_DIR.value().isEmpty(), limit == null ? 0 : limit, wireName);
        final Table table = new Table(System.out, terms, isEachTimed);
        final List<Member> members = Member.of(job);
        if (isPrinter) {
            table.header(settings(worldSize, selection.collective().program()), members, time());
        }
        final List<Row> rows = new ArrayList<>();
        final List<Long> sizes = selection.collective().hasElements() ? sizes(least, greatest, factor) : List.of(0L);
        for (final List<Contender> group : groups) {
            for (final long size : sizes) {
                for (final Contender contender : group) {
                    final long count = contender.count(size, worldSize);
                    final Row row = new Row(
                            contender,
                            contender.size(count, worldSize),
                            count,
                            train.run(contender, count, false),
                            train.run(contender, count, true));
                    rows.add(row);
                    if (isPrinter) {
                        table.row(row);
                    }
                }
            }
        }
        final long wrong = rows.stream()
                .mapToLong(row -> Math.max(0, row.outOfPlace().wrong())
                        + Math.max(0, row.inPlace().wrong()))
                .sum();
        if (isPrinter) {
            table.footer(
                    checks > 0 ? wrong : -1,
                    average(terms, rows),
                    selection.collective().program());
            if (json != null) {
                new JsonReport(terms, members, rounds).write(json, rows);
            }
        }
        return wrong;
    }

    /** The first lines of the output. All but the first have the form of nccl-tests. */
    private List<String> settings(final int worldSize, final String program) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "# signvote perf: %d ranks, plan %s, trains of %d rounds after %d to warm up, seed %d",
                        worldSize,
                        plan.spelling(),
                        rounds,
                        warmup,
                        seed),
                "# Collective test starting: " + program,
                String.format(
                        Locale.ROOT,
                        "# nThread 1 nGpus 0 minBytes %d maxBytes %d step: %d(factor) warmup iters: %d iters: %d agg iters: 1"
                                + " validation: %d graph: 0",
                        least,
                        greatest,
                        factor,
                        warmup,
                        rounds,
                        checks));
    }

    private String time() {
        return "train of back-to-back rounds from barrier to barrier / rounds, " + Average.values()[average].words();
    }

    private Selection selection() {
        try {
            final Selection selection = Selection.of(collective, op, type, root, form.form());
            for (final DataType each : selection.types()) {
                final int size = Contender.elementSize(each);
                final long most = Communicator.MAX_COUNT * size;
                final String name = Names.of(each == DataType.SIGN ? DataType.FLOAT32 : each);
                require(least >= size, "-b " + least + " is less than one " + name + " of " + size + " bytes");
                require(greatest <= most, "-e " + greatest + " is more than " + most + " bytes, the most of one call");
            }
            return selection;
        } catch (final ConfigurationException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /**
     * Sizes of a sweep.
     *
     * @param least bytes.
     * @param greatest bytes, at least the least.
     * @param factor between successive sizes, at least 2 unless there is only one size.
     * @return sizes in rising order, never empty.
     */
    static List<Long> sizes(final long least, final long greatest, final int factor) {
        final List<Long> sizes = new ArrayList<>();
        long size = least;
        while (true) {
            sizes.add(size);
            if (size > greatest / factor || factor == 1) {
                return sizes;
            }
            size *= factor;
        }
    }

    private static double average(final Terms terms, final List<Row> rows) {
        return rows.stream()
                .mapToDouble(
                        row -> (terms.busBandwidth(row, row.outOfPlace()) + terms.busBandwidth(row, row.inPlace())) / 2)
                .average()
                .orElse(0);
    }

    /** Number of ranks that share this network namespace, and so the counters of an interface. */
    private static int localRanks(final int worldSize) {
        final String local = System.getenv("LOCAL_WORLD_SIZE");
        if (local == null) {
            return 1;
        }
        final int ranks = local.chars().allMatch(Character::isDigit) && !local.isEmpty() ? Integer.parseInt(local) : 0;
        if (ranks < 1 || ranks > worldSize) {
            throw new ConfigurationException(
                    "LOCAL_WORLD_SIZE=" + local + " is not in 1.." + worldSize + ", set it to the ranks of this host");
        }
        return ranks;
    }

    private void validate() {
        require(least <= greatest, "-b " + least + " is more than -e " + greatest);
        require(factor >= 2 || factor == 1 && least == greatest, "-f " + factor + " is less than 2");
        require(rounds >= 1, "-n " + rounds + " is less than 1 round");
        require(warmup >= 0, "-w " + warmup + " is less than 0 rounds");
        require(checks >= 0, "-c " + checks + " is less than 0 checks");
        require(average >= 0 && average < Average.values().length, "-a " + average + " is not in 0..3");
        require(limit == null || limit > 0, "--limit 0 is not a rate above 0");
    }

    private void require(final boolean condition, final String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** Reads the value of a switch that may have one. It leaves any other word to the parameters behind it. */
    static final class ZeroOrOne implements IParameterConsumer {
        @Override
        public void consumeParameters(final Stack<String> args, final ArgSpec option, final CommandSpec command) {
            final boolean hasValue = !args.isEmpty() && args.peek().matches("[01]");
            option.setValue(!hasValue || args.pop().equals("1"));
        }
    }

    /** The form of the elements of a vote. */
    static final class FormOptions {
        @Option(names = "--bits", description = "Votes packed to packed, the default.")
        private boolean isBits;

        @Option(names = "--float", description = "Votes float to float.")
        private boolean isFloats;

        @Option(names = "--both", description = "Votes packed to packed and float to float, a row each.")
        private boolean isBoth;

        private Selection.Form form() {
            if (isBoth) {
                return Selection.Form.BOTH;
            }
            return isFloats ? Selection.Form.FLOATS : isBits ? Selection.Form.BITS : null;
        }
    }
}
