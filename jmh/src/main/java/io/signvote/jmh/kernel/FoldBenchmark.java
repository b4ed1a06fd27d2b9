package io.signvote.jmh.kernel;

import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import org.agrona.UnsafeApi;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** How close does folding a contribution into the result come to merging as many bytes? */
public class FoldBenchmark extends KernelBenchmark {
    /** Type of the elements. */
    @Param({"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64", "INT8", "INT32"})
    public DataType type = DataType.FLOAT16;

    /** Reduction. */
    @Param("SUM")
    public ReduceOp op = ReduceOp.SUM;

    private long source;
    private long target;
    private long sweepLength;
    private long sweptSource;
    private long sweptTarget;

    /** Prepares the inputs: numbers of both signs, none of them special. */
    @Setup
    public void prepare() {
        source = allocateNumbers(type);
        target = allocateNumbers(type.wide());
        sweepLength = Sweeps.lengthOf((type.size() + 2.0 * type.wide().size()) / 3 * n);
        sweptSource = allocate(sweepLength);
        sweptTarget = allocate(sweepLength);
    }

    /** In Java. */
    @Benchmark
    public void scalar() {
        foldBy(scalar);
    }

    /** In C. */
    @Benchmark
    public void jni() {
        foldBy(jni);
    }

    /** Reads a source, and reads and writes a target, of as many bytes in all. */
    @Benchmark
    public void mergeSweep() {
        Sweeps.merge(sweptSource, sweptTarget, sweepLength);
    }

    private void foldBy(final Kernels kernels) {
        kernels.fold(op, type, source, target, n);
    }

    private long allocateNumbers(final DataType each) {
        if (each.isInteger()) {
            return allocateWords(each.sizeOf(n) + 7 >> 3);
        }
        final long floats = allocateFloats(0);
        if (each == DataType.FLOAT32) {
            return floats;
        }
        final long numbers = allocate(each.sizeOf(n));
        if (each.isHalf()) {
            jni.finish(ReduceOp.SUM, each, floats, numbers, n, 1);
        } else {
            for (long i = 0; i < n; i++) {
                UnsafeApi.putDouble(numbers + 8 * i, UnsafeApi.getFloat(floats + 4 * i));
            }
        }
        return numbers;
    }
}
