package io.signvote;

import io.signvote.bits.Copies;
import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.collective.Shards;
import io.signvote.error.ConfigurationException;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * What the ranks have gathered by {@link Communicator#allGather}: the bytes of each, outside the heap, one shard after the other in
 * rank order, each aligned to 8 bytes. It may be used again and again, for any communicator; memory grows to the largest call so far
 * and never beyond the capacity (and 7 bytes a rank), whatever the others announce. The communicator keeps as much again, for its
 * next call.
 *
 * <p>What it holds stays as it is until the next call that succeeds. Used by one thread at a time; no address outlives that call,
 * nor {@link #close()}.
 */
public final class Gathered implements AutoCloseable {
    private final long capacity;
    private Shards shards = new Shards(0);
    private OffHeap memory = new OffHeap(0);

    /**
     * Memory for what is gathered; it is taken when it is first needed.
     *
     * @param capacity most bytes that all ranks together may have in one call, 0 to {@link Communicator#MAX_COUNT}; the same on
     *     every rank.
     * @throws ConfigurationException where the capacity is out of range.
     */
    public Gathered(final long capacity) {
        if (capacity < 0 || capacity > Communicator.MAX_COUNT) {
            throw new ConfigurationException(
                    "capacity=" + capacity + ", expected 0 to " + Communicator.MAX_COUNT + " bytes");
        }
        this.capacity = capacity;
    }

    /** {@return most bytes that all ranks together may have} */
    public long capacity() {
        return capacity;
    }

    /** {@return ranks whose bytes these are, also those that had none; 0 before the first call} */
    public int ranks() {
        return shards.ranks();
    }

    /** {@return bytes of all ranks together} */
    public long totalLength() {
        return shards.totalLength();
    }

    /**
     * How much a rank had.
     *
     * @param rank 0 to ranks - 1.
     * @return bytes, at least 0.
     */
    public long length(final int rank) {
        return shards.length(Objects.checkIndex(rank, shards.ranks()));
    }

    /**
     * Where the bytes of a rank are.
     *
     * @param rank 0 to ranks - 1.
     * @return address, a multiple of 8, of as many bytes as {@link #length(int)} says.
     */
    public long address(final int rank) {
        return memory.address() + shards.offset(Objects.checkIndex(rank, shards.ranks()));
    }

    /**
     * Lets a buffer be the bytes of a rank. Allocates nothing.
     *
     * @param rank 0 to ranks - 1.
     * @param view wrapped around them.
     * @throws ConfigurationException where they are too many for a buffer.
     */
    public void wrap(final int rank, final DirectBuffer view) {
        view.wrap(address(rank), intLength(rank));
    }

    /**
     * Copies the floats of a rank onto the heap.
     *
     * @param rank 0 to ranks - 1.
     * @param target float32[at least as many as it had]; floats behind them stay.
     * @return floats copied; bytes behind the last whole one are left out.
     * @throws ConfigurationException where the target is too small.
     */
    public int copyFloats(final int rank, final float[] target) {
        final long n = length(rank) / Float.BYTES;
        Arguments.ensureFits("target", target.length, n, "floats");
        HeapArrays.copy(address(rank), target, (int) n);
        return (int) n;
    }

    /** Frees the memory. Calling it again does nothing. */
    @Override
    public void close() {
        memory.close();
    }

    /** Takes a result over. */
    void take(final long result, final Shards gathered) {
        memory = memory.atLeast(gathered.extent());
        if (shards.ranks() != gathered.ranks()) {
            shards = new Shards(gathered.ranks());
        }
        shards.copy(gathered);
        Copies.copy(result, memory.address(), gathered.extent());
    }

    long firstAddress() {
        return memory.address();
    }

    /** {@return bytes of the memory that the next call may write or free} */
    long length() {
        return memory.length();
    }

    void ensureOpen() {
        memory.address();
    }

    private int intLength(final int rank) {
        final long length = length(rank);
        if (length > Integer.MAX_VALUE) {
            throw new ConfigurationException("rank " + rank + " had " + length + " bytes > " + Integer.MAX_VALUE
                    + ", the most of a buffer; take address()");
        }
        return (int) length;
    }
}
