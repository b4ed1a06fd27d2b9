package io.signvote.jmh;

import org.openjdk.jmh.annotations.Benchmark;

/** Is an allocation seen at all? What {@link AllocationTable} must find, or its zeros say nothing. */
public class SmallObjectBenchmark extends SignVoteBenchmark {
    /** For the harness. */
    public SmallObjectBenchmark() {}

    /**
     * Allocates the smallest object there is.
     *
     * @return it.
     */
    @Benchmark
    public Object smallObject() {
        return new Object();
    }
}
