package io.signvote.jmh.wire;

import io.signvote.bits.OffHeap;
import io.signvote.jmh.SignVoteBenchmark;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import io.signvote.wire.sbe.DataFrameDecoder;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What do the 96 bytes in front of each frame cost, beside plain copying them? */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DataFrameBenchmark extends SignVoteBenchmark {
    private final DataFrame frame = new DataFrame(SEED, 1);
    private final Call call = new Call()
            .set(ReduceOp.MAJORITY, DataType.FLOAT32, 25_600_000, 41)
            .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
    private final OffHeap memory = new OffHeap(2 * DataFrame.HEADER_LENGTH);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory.address(), 2 * DataFrame.HEADER_LENGTH);
    private int chunk;

    /** For the harness. */
    public DataFrameBenchmark() {}

    /** Writes the frame that is read. */
    @Setup
    public void prepare() {
        write();
    }

    /** Frees the frame. */
    @TearDown
    public void free() {
        memory.close();
    }

    /**
     * Writes a header.
     *
     * @return the last word of it.
     */
    @Benchmark
    public long write() {
        frame.write(buffer, 0, DataFrame.BALLOT, 42, call, chunk++, 65_024, 0, 64);
        return buffer.getLong(DataFrame.HEADER_LENGTH - Long.BYTES);
    }

    /**
     * Reads a header, checks it, and compares the call that it belongs to.
     *
     * @return its chunk, or -1 where it is not ours.
     */
    @Benchmark
    public int read() {
        final DataFrameDecoder header = frame.read(buffer, 0, DataFrame.HEADER_LENGTH);
        return header != null && call.matches(header) ? header.chunk() : -1;
    }

    /**
     * Copies as many bytes.
     *
     * @return the last word of them.
     */
    @Benchmark
    public long copy() {
        buffer.putBytes(DataFrame.HEADER_LENGTH, buffer, 0, DataFrame.HEADER_LENGTH);
        return buffer.getLong(2 * DataFrame.HEADER_LENGTH - Long.BYTES);
    }
}
