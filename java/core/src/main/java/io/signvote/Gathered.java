package io.signvote;

import io.signvote.bits.Copies;
import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.collective.Shards;
import io.signvote.error.ConfigurationException;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * The result of {@link Communicator#allGather}: the bytes of every rank, outside the heap. The bytes of a rank begin at
 * a multiple of 8 bytes, and follow those of the rank before. An instance may serve many calls, of any communicator.
 * Its memory grows to the largest call so far. It never exceeds the capacity plus 7 bytes a rank, whatever lengths the
 * ranks announce. The communicator keeps the same amount of memory for its next call.
 *
 * <p>Contents and addresses are valid until the next call that succeeds, and until {@link #close()}. Used by one thread
 * at a time.
 */
public final class Gathered implements AutoCloseable {
    private final long capacity;
    private Shards shards = new Shards(0);
    private OffHeap memory = new OffHeap(0);

    /**
     * Makes an empty result. The first call allocates its memory.
     *
     * @param capacity most bytes that all ranks together may have in one call, 0 to {@link Communicator#MAX_COUNT}; the same on
     *     every rank.
     * @throws ConfigurationException if the capacity is out of range.
     */
    public Gathered(final long capacity) {
        if (capacity < 0 || capacity > Communicator.MAX_COUNT) {
            throw new ConfigurationException(
                    "capacity=" + capacity + ", expected 0 to " + Communicator.MAX_COUNT + " bytes");
        }
        this.capacity = capacity;
    }

    /** {@return most bytes that all ranks together may have in one call} */
    public long capacity() {
        return capacity;
    }

    /** {@return number of ranks of the last call, with or without bytes; 0 before the first call} */
    public int ranks() {
        return shards.ranks();
    }

    /** {@return bytes of all ranks together} */
    public long totalLength() {
        return shards.totalLength();
    }

    /**
     * Number of bytes of one rank.
     *
     * @param rank 0 to ranks - 1.
     * @return bytes, at least 0.
     * @throws IndexOutOfBoundsException if there is no such rank.
     */
    public long length(final int rank) {
        return shards.length(Objects.checkIndex(rank, shards.ranks()));
    }

    /**
     * Address of the bytes of one rank.
     *
     * @param rank 0 to ranks - 1.
     * @return address of {@link #length(int)} bytes, a multiple of 8.
     * @throws IndexOutOfBoundsException if there is no such rank.
     */
    public long address(final int rank) {
        return memory.address() + shards.offset(Objects.checkIndex(rank, shards.ranks()));
    }

    /**
     * Wraps a buffer around the bytes of one rank, without a copy. Allocates nothing.
     *
     * @param rank 0 to ranks - 1.
     * @param view buffer to wrap.
     * @throws ConfigurationException if the rank has more than {@link Integer#MAX_VALUE} bytes.
     */
    public void wrap(final int rank, final DirectBuffer view) {
        view.wrap(address(rank), intLength(rank));
    }

    /**
     * Copies the floats of a rank onto the heap.
     *
     * @param rank 0 to ranks - 1.
     * @param target float32[at least the number of floats of the rank]; the elements behind them stay unchanged.
     * @return number of floats copied; bytes behind the last whole float are left out.
     * @throws ConfigurationException if the target is too small.
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

    /** Copies the result of a call. */
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
                    + ", the limit of a buffer, use address()");
        }
        return (int) length;
    }
}
