package io.signvote.bits;

import org.agrona.UnsafeApi;

/**
 * A block of memory outside the heap, aligned to 64 bytes. Not thread-safe. Addresses are valid until {@link #close()}.
 */
public final class OffHeap implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final long length;
    private long allocation;
    private long address;

    /**
     * Allocates a block of zeros.
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
     * Allocates a block without clearing it. The system maps a page when it is first written. The caller must write
     * before it reads.
     *
     * @param length bytes, at least 0.
     * @return a block of undefined contents.
     */
    public static OffHeap uncleared(final long length) {
        return new OffHeap(length, false);
    }

    /**
     * Returns a block of at least a size. If this block is too small, it allocates another, and then closes this block.
     * The contents are lost. If memory runs out, this block stays as it was.
     *
     * @param needed least size in bytes.
     * @return this block, or a larger one of undefined contents.
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
     * Address of the block.
     *
     * @return address, a multiple of 64.
     * @throws IllegalStateException if the block is closed.
     */
    public long address() {
        if (address == 0) {
            throw new IllegalStateException("memory is closed");
        }
        return address;
    }

    /**
     * Size of the block.
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
