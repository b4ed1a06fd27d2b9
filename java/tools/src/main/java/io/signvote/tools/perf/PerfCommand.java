package io.signvote.tools.perf;

import io.signvote.Communicator;
import io.signvote.Configuration;
import io.signvote.Configuration.PlanKind;
import io.signvote.Context;
import io.signvote.error.ConfigurationException;
import io.signvote.tools.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures a job's collectives over a range of sizes. Every rank of the job runs it with the same options; rank 0
 * prints. Ends with 1 if a result was wrong.
 */
@Command(
        name = "perf",
        description = {
            "Measures collectives in the form of nccl-tests; every rank runs it, rank 0 prints.",
            "On this machine: signvote run -np 4 perf -b 64k -e 64M -f 4"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PerfCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-b", "--minbytes"},
            defaultValue = "8k",
            paramLabel = "SIZE",
            converter = Units.SizeOption.class,
            description = "Least size, bytes as float32; ${DEFAULT-VALUE} by default.")
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
            paramLabel = "0|1",
            description = "Checks the last result of every train, where it is in place that of one more round;"
                    + " ${DEFAULT-VALUE} by default.")
    private int check;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description = "Who tallies: sharded, star or server; by default as for every program of the job.")
    private PlanTraffic plan;

    @Option(
            names = "--op",
            defaultValue = "majority",
            paramLabel = "OP",
            description = "Operation: majority or sum; ${DEFAULT-VALUE} by default.")
    private Operation operation;

    @ArgGroup
    private Form form = new Form();

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
            final Train train =
                    new Train(communicator, seed, warmup, rounds, check == 1, wire, localRanks(communicator.size()));
            return measure(communicator, train) == 0 ? 0 : 1;
        }
    }

    private long measure(final Communicator communicator, final Train train) {
        final boolean isPrinter = communicator.rank() == 0;
        final Terms terms = new Terms(
                communicator.size(),
                plan,
                !Configuration.AERON_DIR.value().isEmpty(),
                limit == null ? 0 : limit,
                wireName);
        final Table table = new Table(System.out, terms);
        if (isPrinter) {
            table.header(String.format(
                    Locale.ROOT,
                    "%d ranks, plan %s, trains of %d rounds after %d to warm up, seed %d",
                    communicator.size(),
                    plan.spelling(),
                    rounds,
                    warmup,
                    seed));
        }
        final List<Row> rows = new ArrayList<>();
        for (final long size : sizes(least, greatest, factor)) {
            for (final Contender contender : contenders()) {
                final long count = size / Float.BYTES;
                final Row row = new Row(
                        size, count, contender, train.run(contender, count, false), train.run(contender, count, true));
                rows.add(row);
                if (isPrinter) {
                    table.row(row);
                }
            }
        }
        final long wrong = rows.stream()
                .mapToLong(row -> Math.max(0, row.outOfPlace().wrong())
                        + Math.max(0, row.inPlace().wrong()))
                .sum();
        if (isPrinter) {
            table.footer(check == 1 ? wrong : -1, average(terms, rows));
            if (json != null) {
                new JsonReport(terms, rounds).write(json, rows);
            }
        }
        return wrong;
    }

    /**
     * Sizes of a sweep.
     *
     * @param least bytes, rounded down to whole floats.
     * @param greatest bytes, at least the least.
     * @param factor between successive sizes, at least 2 unless there is only one size.
     * @return sizes in rising order, never empty.
     */
    static List<Long> sizes(final long least, final long greatest, final int factor) {
        final List<Long> sizes = new ArrayList<>();
        long size = least;
        while (true) {
            sizes.add(size / Float.BYTES * Float.BYTES);
            if (size > greatest / factor || factor == 1) {
                return sizes;
            }
            size *= factor;
        }
    }

    private List<Contender> contenders() {
        if (operation == Operation.SUM) {
            return List.of(Contender.SUM);
        }
        if (form.isBoth) {
            return List.of(Contender.BITS, Contender.FLOATS);
        }
        return List.of(form.isFloats ? Contender.FLOATS : Contender.BITS);
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
        final long most = Communicator.MAX_COUNT * Float.BYTES;
        require(least >= Float.BYTES, "-b " + least + " is less than one float of 4 bytes");
        require(greatest <= most, "-e " + greatest + " is more than " + most + " bytes, the most of one call");
        require(least <= greatest, "-b " + least + " is more than -e " + greatest);
        require(factor >= 2 || factor == 1 && least == greatest, "-f " + factor + " is less than 2");
        require(rounds >= 1, "-n " + rounds + " is less than 1 round");
        require(warmup >= 0, "-w " + warmup + " is less than 0 rounds");
        require(check == 0 || check == 1, "-c " + check + " is neither 0 nor 1");
        require(limit == null || limit > 0, "--limit 0 is not a rate above 0");
        require(
                operation == Operation.MAJORITY || !form.isGiven(),
                "--bits, --float and --both are about votes, a sum is float to float");
    }

    private void require(final boolean condition, final String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** The operations of the option {@code --op}. */
    enum Operation {
        /** A vote. */
        MAJORITY,
        /** A sum. */
        SUM
    }

    /** The form of the elements of a vote. */
    static final class Form {
        @Option(names = "--bits", description = "Votes packed to packed, the default.")
        private boolean isBits;

        @Option(names = "--float", description = "Votes float to float.")
        private boolean isFloats;

        @Option(names = "--both", description = "Votes packed to packed and float to float, a row each.")
        private boolean isBoth;

        private boolean isGiven() {
            return isBits || isFloats || isBoth;
        }
    }
}
