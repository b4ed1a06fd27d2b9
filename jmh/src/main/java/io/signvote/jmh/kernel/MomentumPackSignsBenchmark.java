package io.signvote.jmh.kernel;

import io.signvote.bits.Words;
import io.signvote.kernel.Kernels;
import io.signvote.op.ZeroPolicy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * How close does advancing momentum and packing its signs come to moving the same 12.125 bytes a coordinate, 8 of them
 * read and 4 written?
 */
public class MomentumPackSignsBenchmark extends KernelBenchmark {
    private long gradients;
    private long momentum;
    private long words;
    private long source;
    private long target;

    /** Prepares the inputs. */
    @Setup
    public void prepare() {
        gradients = allocateFloats(0);
        momentum = allocateFloats(0);
        words = allocate(Words.length(n));
        source = allocate(12.125 * n / 2);
        target = allocate(12.125 * n / 2);
    }

    /**
     * In Java.
     *
     * @return zeros and not finite.
     */
    @Benchmark
    public long scalar() {
        return advanceBy(scalar);
    }

    /**
     * In C.
     *
     * @return zeros and not finite.
     */
    @Benchmark
    public long jni() {
        return advanceBy(jni);
    }

    /** Copies half of 12.125 bytes a coordinate, so that as many are moved. */
    @Benchmark
    public void copySweep() {
        Sweeps.copy(source, target, Sweeps.lengthOf(12.125 * n / 2));
    }

    /** The same by the C library. */
    @Benchmark
    public void memcpySweep() {
        Sweeps.memcpy(source, target, Sweeps.lengthOf(12.125 * n / 2));
    }

    /** Reads one array, and reads and writes another in place: the very pattern of the kernel. */
    @Benchmark
    public void mergeSweep() {
        Sweeps.merge(source, target, Sweeps.lengthOf(12.125 * n / 3));
    }

    private long advanceBy(final Kernels kernels) {
        return kernels.momentumPackSigns(gradients, momentum, words, n, 0.9f, 1 - 0.9f, ZeroPolicy.RANDOM, 1, 0);
    }
}
