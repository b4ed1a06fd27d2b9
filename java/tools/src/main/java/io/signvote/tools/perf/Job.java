package io.signvote.tools.perf;

import io.signvote.Communicator;
import io.signvote.Gathered;
import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A communicator whose calls are numbered as it numbers them itself, because that number selects the lots of ties.
 * Every rank makes the same calls in the same order. Used by one thread.
 */
final class Job {
    /** Most bytes that the ranks gather in one call. */
    private static final long GATHERED_MAX = 1 << 28;

    private final Communicator communicator;
    private long calls;

    /**
     * Numbers the calls of a communicator.
     *
     * @param communicator without any call so far.
     */
    Job(final Communicator communicator) {
        this.communicator = communicator;
    }

    /** {@return the communicator; each call on it needs a number by {@link #next()}} */
    Communicator communicator() {
        return communicator;
    }

    /** {@return the rank of this process} */
    int rank() {
        return communicator.rank();
    }

    /** {@return number of ranks} */
    int size() {
        return communicator.size();
    }

    /** {@return the number of the call that comes next} */
    long next() {
        return ++calls;
    }

    /** {@return the number of the last call} */
    long last() {
        return calls;
    }

    /** Waits for all ranks. */
    void barrier() {
        next();
        communicator.barrier();
    }

    /**
     * Gives every rank the numbers of all ranks.
     *
     * @param own numbers of this rank, as many on every rank.
     * @return the numbers of each rank, exact.
     */
    double[][] all(final double... own) {
        final int count = size() * own.length;
        final double[][] all = new double[size()][own.length];
        try (OffHeap memory = new OffHeap((long) count * Double.BYTES)) {
            final long address = memory.address();
            for (int i = 0; i < own.length; i++) {
                UnsafeApi.putDouble(address + ((long) rank() * own.length + i) * Double.BYTES, own[i]);
            }
            next();
            // each number meets zeros only
            communicator.allReduce(address, address, count, DataType.FLOAT64, ReduceOp.SUM);
            for (int i = 0; i < count; i++) {
                all[i / own.length][i % own.length] = UnsafeApi.getDouble(address + (long) i * Double.BYTES);
            }
        }
        return all;
    }

    /**
     * Gives every rank the bytes of all ranks.
     *
     * @param own bytes of this rank.
     * @return the bytes of each rank.
     */
    List<byte[]> gather(final byte[] own) {
        final List<byte[]> all = new ArrayList<>();
        try (Gathered gathered = new Gathered(GATHERED_MAX)) {
            next();
            communicator.allGather(
                    ByteBuffer.allocateDirect(own.length).put(own).flip(), gathered);
            final UnsafeBuffer view = new UnsafeBuffer();
            for (int rank = 0; rank < gathered.ranks(); rank++) {
                gathered.wrap(rank, view);
                final byte[] bytes = new byte[view.capacity()];
                view.getBytes(0, bytes);
                all.add(bytes);
            }
        }
        return all;
    }
}
