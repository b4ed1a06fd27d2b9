package io.signvote.jmh.kernel;

import io.signvote.bits.Words;
import io.signvote.kernel.Kernels;
import io.signvote.op.ZeroPolicy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** How close does packing signs come to reading the same 4.125 bytes a coordinate? */
public class PackSignsBenchmark extends KernelBenchmark {
    /** Share of coordinates that are zero and draw a lot. */
    @Param({"0", "0.03"})
    public double zeros;

    private long values;
    private long words;
    private long swept;

    /** Prepares the inputs. */
    @Setup
    public void prepare() {
        values = allocateFloats(zeros);
        words = allocate(Words.length(n));
        swept = allocate(4.125 * n);
    }

    /**
     * In Java.
     *
     * @return zeros and not finite.
     */
    @Benchmark
    public long scalar() {
        return packBy(scalar);
    }

    /**
     * In C.
     *
     * @return zeros and not finite.
     */
    @Benchmark
    public long jni() {
        return packBy(jni);
    }

    /**
     * Reads 4.125 bytes a coordinate.
     *
     * @return what was read.
     */
    @Benchmark
    public long readSweep() {
        return Sweeps.read(swept, Sweeps.lengthOf(4.125 * n));
    }

    private long packBy(final Kernels kernels) {
        return kernels.packSigns(values, words, n, ZeroPolicy.RANDOM, 1, 0);
    }
}
