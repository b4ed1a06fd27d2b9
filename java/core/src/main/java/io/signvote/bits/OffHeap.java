package io.signvote.bits;

import org.agrona.UnsafeApi;

/**
 * A block of memory outside the heap, aligned to 64 bytes, of any size that the machine has. Not thread-safe; no
 * address outlives {@link #close()}.
 */
public final class OffHeap implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final long length;
    private long allocation;
    private long address;

    /**
     * Allocates.
     *
     * @param length bytes, at least 0.
     */
    public OffHeap(final long length) {
        this(length, true);
    }

    private OffHeap(final long length, final boolean isCleared) {
        this.length = length;
        allocation = UnsafeApi.allocateMemory(length + ALIGNMENT);
        address = allocation + ALIGNMENT - 1 & -ALIGNMENT;
        if (isCleared) {
            Copies.fill(address, length, (byte) 0);
        }
    }

    /**
     * Allocates without clearing, for memory that is written before it is read: pages are taken when they are first written.
     *
     * @param length bytes, at least 0.
     * @return a block of anything.
     */
    public static OffHeap uncleared(final long length) {
        return new OffHeap(length, false);
    }

    /**
     * Makes room, where there is not enough, in place of this block, which is then closed; what it held is lost. Where memory
     * runs out, this block stays as it was.
     *
     * @param needed bytes.
     * @return this block, or a larger one of anything.
     */
    public OffHeap atLeast(final long needed) {
        if (length >= needed) {
            return this;
        }
        final OffHeap larger = uncleared(needed);
        close();
        return larger;
    }

    /**
     * Where the block begins.
     *
     * @return address, a multiple of 64.
     */
    public long address() {
        if (address == 0) {
            throw new IllegalStateException("memory is closed");
        }
        return address;
    }

    /**
     * Size.
     *
     * @return bytes.
     */
    public long length() {
        return length;
    }

    /** Frees the memory. Calling it again does nothing. */
    @Override
    public void close() {
        if (address != 0) {
            UnsafeApi.freeMemory(allocation);
            address = 0;
        }
    }
}
