package io.signvote.jmh;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds the processor time of all Java threads to every iteration, in microseconds an operation. It does not count the
 * time that a busy machine gave to others, so ratios stand where wall time only shows the neighbours. Taken thread by
 * thread, because the time of the whole process comes in steps of 10 ms.
 */
public final class CpuTimeProfiler implements InternalProfiler {
    /** Name of the result. */
    public static final String CPU = "cpu";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long cpuTimeNs;

    /** For JMH. */
    public CpuTimeProfiler() {}

    @Override
    public String getDescription() {
        return "processor time of the threads an operation";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
        cpuTimeNs = cpuTimeNs();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            final BenchmarkParams benchmark, final IterationParams iteration, final IterationResult result) {
        final double spentUs = (cpuTimeNs() - cpuTimeNs) / 1e3;
        final long operations = Math.max(1, result.getMetadata().getAllOps());
        return List.of(new ScalarResult(CPU, spentUs / operations, "us/op", AggregationPolicy.AVG));
    }

    private long cpuTimeNs() {
        return Arrays.stream(threads.getAllThreadIds())
                .map(threads::getThreadCpuTime)
                .filter(time -> time > 0)
                .sum();
    }
}
