package io.signvote.bits;

import org.agrona.UnsafeApi;

/**
 * A block of zeroed memory outside the heap, aligned to 64 bytes, of any size that the machine has. Not thread-safe; no
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
        this.length = length;
        allocation = UnsafeApi.allocateMemory(length + ALIGNMENT);
        address = allocation + ALIGNMENT - 1 & -ALIGNMENT;
        UnsafeApi.setMemory(address, length, (byte) 0);
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
