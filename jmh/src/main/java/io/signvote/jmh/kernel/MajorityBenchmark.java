package io.signvote.jmh.kernel;

import io.signvote.bits.Words;
import io.signvote.kernel.Kernels;
import io.signvote.op.TiePolicy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What does the verdict of a chunk cost, from planes in cache, with ties (an even number of ranks) and without? */
public class MajorityBenchmark extends KernelBenchmark {
    private static final int CHUNK = 64_512;
    private static final int PLANES = 4;

    /** Ranks that voted. */
    @Param({"14", "15"})
    public int worldSize = 15;

    private int chunk;
    private int chunkWords;
    private long planes;
    private long words;

    /** Prepares the inputs: some count in every lane. */
    @Setup
    public void prepare() {
        chunk = Math.min(CHUNK, n);
        chunkWords = (int) Words.count(chunk);
        planes = allocateWords((long) PLANES * chunkWords);
        words = allocate(8.0 * chunkWords);
    }

    /**
     * In Java.
     *
     * @return ties.
     */
    @Benchmark
    public int scalar() {
        return concludeBy(scalar);
    }

    /**
     * In C.
     *
     * @return ties.
     */
    @Benchmark
    public int jni() {
        return concludeBy(jni);
    }

    private int concludeBy(final Kernels kernels) {
        int ties = 0;
        for (long done = 0; done < n; done += chunk) {
            ties += kernels.majority(
                    planes, chunkWords, words, chunk, worldSize, TiePolicy.RANDOM, 1, done / Words.LANES);
        }
        return ties;
    }
}
