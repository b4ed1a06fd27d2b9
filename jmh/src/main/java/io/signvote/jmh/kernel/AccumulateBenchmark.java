package io.signvote.jmh.kernel;

import io.signvote.bits.Words;
import io.signvote.kernel.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * How many votes a second does a tally count, one ballot at a time? Chunks as they fit frames of 8 KiB, so that the
 * planes of the open chunk stay in cache while the ballots stream past.
 */
public class AccumulateBenchmark extends KernelBenchmark {
    private static final int CHUNK = 64_512;

    /** Ranks that vote. */
    @Param("15")
    public int worldSize = 15;

    private int chunkWords;
    private long ballots;
    private long ballotLength;
    private long planes;

    /** Prepares the inputs. */
    @Setup
    public void prepare() {
        chunkWords = (int) Words.count(Math.min(CHUNK, n));
        ballotLength = Words.length(n);
        ballots = allocateWords(worldSize * Words.count(n));
        planes = allocate(8.0 * 8 * chunkWords);
    }

    /** In Java. */
    @Benchmark
    public void scalar() {
        tallyBy(scalar);
    }

    /** In C. */
    @Benchmark
    public void jni() {
        tallyBy(jni);
    }

    /**
     * Reads the ballots.
     *
     * @return what was read.
     */
    @Benchmark
    public long readSweep() {
        return Sweeps.read(ballots, Sweeps.lengthOf(worldSize * ballotLength));
    }

    private void tallyBy(final Kernels kernels) {
        for (long offset = 0; offset < ballotLength; offset += 8L * chunkWords) {
            final int words = (int) Math.min(chunkWords, (ballotLength - offset) / 8);
            for (int rank = 0; rank < worldSize; rank++) {
                kernels.accumulate(ballots + rank * ballotLength + offset, planes, chunkWords, words, rank);
            }
        }
    }
}
