package io.signvote.jmh.kernel;

import io.signvote.bits.Words;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** How close does stepping by the verdict come to moving the same 8.125 bytes a coordinate? */
public class ApplySignsBenchmark extends KernelBenchmark {
    private static final float ETA = 1e-4f;
    private static final float LAMBDA = 1e-4f;

    private long parameters;
    private long words;
    private long source;
    private long target;

    /** Prepares the inputs. */
    @Setup
    public void prepare() {
        parameters = allocateFloats(0);
        words = allocateWords(Words.count(n));
        source = allocate(8.125 * n / 2);
        target = allocate(8.125 * n / 2);
    }

    /** In Java. */
    @Benchmark
    public void scalar() {
        scalar.applySigns(words, parameters, n, ETA, LAMBDA);
    }

    /** In C. */
    @Benchmark
    public void jni() {
        jni.applySigns(words, parameters, n, ETA, LAMBDA);
    }

    /** Copies half of 8.125 bytes a coordinate, so that as many are moved. */
    @Benchmark
    public void copySweep() {
        Sweeps.copy(source, target, Sweeps.lengthOf(8.125 * n / 2));
    }

    /** The same by the C library. */
    @Benchmark
    public void memcpySweep() {
        Sweeps.memcpy(source, target, Sweeps.lengthOf(8.125 * n / 2));
    }

    /** Reads and writes in place: the very pattern of the kernel. */
    @Benchmark
    public void updateSweep() {
        Sweeps.update(target, Sweeps.lengthOf(8.125 * n / 2));
    }
}
