package io.signvote.jmh;

import io.signvote.jmh.collective.LoopbackAllReduceBenchmark;
import io.signvote.jmh.wire.DataFrameBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Prints what a round and a frame's header allocate, on all threads of the process, by JMH's gc profiler. The harness allocates
 * some kilobytes in every iteration, which is a lot beside a few hundred rounds: so each contender runs in iterations of two
 * lengths, and what an operation allocates is the difference of the two over the difference of their lengths. The least of
 * several iterations counts, for what a round allocates is in each of them. Ends with 1 where that is not 0 bytes.
 */
public final class AllocationTable {
    /** Less than the smallest object in 16 operations; the harness itself varies by some dozens of bytes. */
    private static final double NOTHING = 1;

    private static final double SMALLEST_OBJECT = 16;
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final String ROW = "%-34s %10s %14s %14s %10s  %s%n";
    private static final int WARMUP_ITERATIONS = 8;
    private static final int ITERATIONS = 8;
    private static final int ROUNDS = 250;
    private static final int HEADERS = 50_000;
    private static final int FACTOR = 4;

    private final Path directory;
    private boolean failed;

    private AllocationTable(final Path directory) {
        this.directory = directory;
    }

    /**
     * Runs and prints.
     *
     * @param args directory that JMH's JSON goes to.
     * @throws Exception when a benchmark fails.
     */
    public static void main(final String[] args) throws Exception {
        final AllocationTable table = new AllocationTable(Files.createDirectories(Path.of(args[0])));
        System.out.printf(ROW, "operation", "operations", "allocated, B", "beside", "B/op", "");
        table.print(SmallObjectBenchmark.class, "smallObject", HEADERS, false);
        for (final String contender : List.of("voteBits", "voteFloats", "sumFloats", "signumStep")) {
            table.print(LoopbackAllReduceBenchmark.class, contender, ROUNDS, true);
        }
        for (final String contender : List.of("write", "read")) {
            table.print(DataFrameBenchmark.class, contender, HEADERS, true);
        }
        System.exit(table.failed ? 1 : 0);
    }

    private void print(final Class<?> benchmark, final String contender, final int operations, final boolean isNothing)
            throws RunnerException {
        final double few = allocated(benchmark, contender, operations);
        final double many = allocated(benchmark, contender, operations * FACTOR);
        final double each = (many - few) / (operations * (FACTOR - 1));
        final boolean isRight = isNothing ? each < NOTHING : Math.abs(each - SMALLEST_OBJECT) < NOTHING;
        failed |= !isRight;
        System.out.printf(
                Locale.ROOT,
                ROW,
                benchmark.getSimpleName().replace("Benchmark", "") + '.' + contender,
                operations + ", " + operations * FACTOR,
                String.format(Locale.ROOT, "%.0f", few),
                String.format(Locale.ROOT, "%.0f", many),
                String.format(Locale.ROOT, "%.1f", Math.max(0, each)),
                isRight ? (isNothing ? "pass" : "seen") : (isNothing ? "ALLOCATES" : "NOT SEEN"));
    }

    /** Bytes of the iteration that allocated least. */
    private double allocated(final Class<?> benchmark, final String contender, final int operations)
            throws RunnerException {
        final String name = benchmark.getName() + '.' + contender;
        final RunResult result = new Runner(new OptionsBuilder()
                        .include("^" + name.replace(".", "\\.") + "$")
                        .param("ranks", "2")
                        .param("n", "100000")
                        .mode(Mode.SingleShotTime)
                        .forks(1)
                        .warmupIterations(WARMUP_ITERATIONS)
                        .warmupBatchSize(operations)
                        .measurementIterations(ITERATIONS)
                        .measurementBatchSize(operations)
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .resultFormat(ResultFormatType.JSON)
                        .result(directory
                                .resolve("allocation-" + contender + "-" + operations + ".json")
                                .toString())
                        .build())
                .runSingle();
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration ->
                        iteration.getSecondaryResults().get(ALLOCATED).getScore())
                .min()
                .orElseThrow();
    }
}
