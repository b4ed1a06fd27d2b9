package io.signvote.jmh.kernel;

import io.signvote.jmh.CpuTimeProfiler;
import io.signvote.jmh.Medians;
import io.signvote.kernel.jni.NativeKernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the kernel benchmarks in rounds, every contender once a round in a process of its own, and prints what the
 * kernels reach of the sweeps: the median over the rounds of ratios of processor time, each taken within one round.
 * Ends with 1 when a budget is missed.
 */
public final class KernelRatios {
    private static final double COORDINATES = 25_600_000;
    private static final double NO_BUDGET = Double.NaN;
    private static final double COPY_BUDGET = 0.85;
    private static final double ACCUMULATE_BUDGET = 50;
    private static final String ROW = "%-30s %-12s %9s %9s %9s  %-17s %7s  %s%n";

    private final List<Map<String, Double>> rounds = new ArrayList<>();
    private boolean missed;

    private KernelRatios() {}

    /**
     * Runs and prints.
     *
     * @param args rounds, and the directory that JMH's JSON of every round goes to.
     * @throws Exception when a benchmark fails.
     */
    public static void main(final String[] args) throws Exception {
        final int roundCount = Integer.parseInt(args[0]);
        final Path directory = Files.createDirectories(Path.of(args[1]));
        final KernelRatios ratios = new KernelRatios();
        for (int round = 1; round <= roundCount; round++) {
            System.err.printf("round %d of %d%n", round, roundCount);
            ratios.run(directory.resolve("kernels-" + round + ".json"));
        }
        ratios.print();
        System.exit(ratios.missed ? 1 : 0);
    }

    private void run(final Path json) throws RunnerException {
        final Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\.kernel\\..*Benchmark\\.")
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.milliseconds(200))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.milliseconds(300))
                        .addProfiler(CpuTimeProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .resultFormat(ResultFormatType.JSON)
                        .result(json.toString())
                        .build())
                .run();
        final Map<String, Double> cpuUs = new HashMap<>();
        for (final RunResult result : results) {
            final double[] iterations = result.getBenchmarkResults().stream()
                    .flatMap(fork -> fork.getIterationResults().stream())
                    .mapToDouble(iteration -> iteration
                            .getSecondaryResults()
                            .get(CpuTimeProfiler.CPU)
                            .getScore())
                    .toArray();
            cpuUs.put(nameOf(result.getParams()), Medians.median(iterations));
        }
        rounds.add(cpuUs);
    }

    private void print() {
        System.out.printf(
                "%s%n%s %s, %.1f M coordinates, medians of %d rounds, us of processor time%n%n",
                NativeKernels.build(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                COORDINATES / 1e6,
                rounds.size());
        System.out.printf(ROW, "kernel", "against", "scalar", "native", "against", "ratio (spread)", "budget", "");
        printRatio("PackSigns", " zeros=0", "readSweep", COPY_BUDGET);
        printRatio("PackSigns", " zeros=0.03", "readSweep", NO_BUDGET);
        printRatio("MomentumPackSigns", "", "copySweep", COPY_BUDGET);
        printRatio("MomentumPackSigns", "", "memcpySweep", NO_BUDGET);
        printRatio("MomentumPackSigns", "", "mergeSweep", NO_BUDGET);
        printRatio("ApplySigns", "", "copySweep", COPY_BUDGET);
        printRatio("ApplySigns", "", "memcpySweep", NO_BUDGET);
        printRatio("ApplySigns", "", "updateSweep", NO_BUDGET);
        printRatio("UnpackSigns", "", "copySweep", NO_BUDGET);
        printRate("Accumulate", " worldSize=15", 15 * COORDINATES, "G votes/s", ACCUMULATE_BUDGET);
        printRate("Majority", " worldSize=14", COORDINATES, "G coord/s", NO_BUDGET);
        printRate("Majority", " worldSize=15", COORDINATES, "G coord/s", NO_BUDGET);
        for (final String type : new String[] {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64", "INT8", "INT32"}) {
            printRatio("Fold", " op=SUM type=" + type, "mergeSweep", NO_BUDGET);
        }
    }

    /** The bandwidth of a kernel over that of a sweep of the same bytes, hence their times the other way round. */
    private void printRatio(final String kernel, final String params, final String sweep, final double budget) {
        final double[] natives = times(kernel, "jni", params);
        final double[] sweeps = times(kernel, sweep, params);
        final double[] ratios = new double[natives.length];
        Arrays.setAll(ratios, round -> sweeps[round] / natives[round]);
        printRow(kernel, params, sweep, natives, format("%.0f", Medians.median(sweeps)), ratios, budget);
    }

    private void printRate(
            final String kernel, final String params, final double units, final String unit, final double budget) {
        final double[] natives = times(kernel, "jni", params);
        final double[] rates = new double[natives.length];
        Arrays.setAll(rates, round -> units / natives[round] / 1e3);
        printRow(kernel, params, unit, natives, "", rates, budget);
    }

    private void printRow(
            final String kernel,
            final String params,
            final String against,
            final double[] natives,
            final String againstUs,
            final double[] ratios,
            final double budget) {
        final double ratio = Medians.median(ratios);
        final boolean misses = ratio < budget;
        missed |= misses;
        System.out.printf(
                ROW,
                kernel + params,
                against,
                format("%.0f", Medians.median(times(kernel, "scalar", params))),
                format("%.0f", Medians.median(natives)),
                againstUs,
                format(
                        "%.2f (%.2f-%.2f)",
                        ratio,
                        Arrays.stream(ratios).min().orElseThrow(),
                        Arrays.stream(ratios).max().orElseThrow()),
                Double.isNaN(budget) ? "" : format("%.2f", budget),
                Double.isNaN(budget) ? "" : misses ? "MISS" : "pass");
    }

    private double[] times(final String kernel, final String contender, final String params) {
        final String name = kernel + "Benchmark." + contender + params;
        return rounds.stream().mapToDouble(round -> round.get(name)).toArray();
    }

    private static String nameOf(final BenchmarkParams params) {
        final StringBuilder name = new StringBuilder(
                params.getBenchmark().substring(params.getBenchmark().indexOf(".kernel.") + ".kernel.".length()));
        for (final String key : params.getParamsKeys()) {
            if (!"n".equals(key)) {
                name.append(' ').append(key).append('=').append(params.getParam(key));
            }
        }
        return name.toString();
    }

    private static String format(final String format, final Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
