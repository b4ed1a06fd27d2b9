package io.signvote.jmh.kernel;

import io.signvote.bits.Words;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** How close does expanding signs to floats come to moving the same 4.125 bytes a coordinate? */
public class UnpackSignsBenchmark extends KernelBenchmark {
    private long words;
    private long values;
    private long source;
    private long target;

    /** Prepares the inputs. */
    @Setup
    public void prepare() {
        words = allocateWords(Words.count(n));
        values = allocate(4.0 * n);
        source = allocate(4.125 * n / 2);
        target = allocate(4.125 * n / 2);
    }

    /** In Java. */
    @Benchmark
    public void scalar() {
        scalar.unpackSigns(words, values, n);
    }

    /** In C. */
    @Benchmark
    public void jni() {
        jni.unpackSigns(words, values, n);
    }

    /** Copies half of 4.125 bytes a coordinate; the kernel writes nearly all of its bytes, which costs more. */
    @Benchmark
    public void copySweep() {
        Sweeps.copy(source, target, Sweeps.lengthOf(4.125 * n / 2));
    }
}
