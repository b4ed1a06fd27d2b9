package io.signvote.bits;

import org.agrona.UnsafeApi;

/**
 * Copies and fills memory of any length. The JVM does one of these in one go, and no thread of the process passes a safepoint
 * meanwhile: a collection of garbage, or whatever else stops all threads, waits for it. So a long one is done in pieces of 1
 * MiB, which take a fraction of a millisecond each. Thread-safe.
 */
public final class Copies {
    /** Bytes in one go. A multiple of every type's length. */
    static final int PIECE_LENGTH = 1 << 20;

    private Copies() {}

    /**
     * Copies memory outside the heap; as {@code memmove} if no longer than 1 MiB, else the two may not overlap.
     *
     * @param source address of the bytes.
     * @param target address of as many.
     * @param length bytes, at least 0.
     */
    public static void copy(final long source, final long target, final long length) {
        copy(null, source, null, target, length);
    }

    /**
     * Fills memory outside the heap.
     *
     * @param target address of the bytes.
     * @param length bytes, at least 0.
     * @param value of each.
     */
    public static void fill(final long target, final long length, final byte value) {
        long done = 0;
        while (length - done > PIECE_LENGTH) {
            UnsafeApi.setMemory(target + done, PIECE_LENGTH, value);
            done += PIECE_LENGTH;
        }
        UnsafeApi.setMemory(target + done, length - done, value);
    }

    /** Copies between memory outside the heap, where the array is null, and arrays, whose offset counts from their start. */
    static void copy(
            final Object source,
            final long sourceOffset,
            final Object target,
            final long targetOffset,
            final long length) {
        long done = 0;
        while (length - done > PIECE_LENGTH) {
            UnsafeApi.copyMemory(source, sourceOffset + done, target, targetOffset + done, PIECE_LENGTH);
            done += PIECE_LENGTH;
        }
        UnsafeApi.copyMemory(source, sourceOffset + done, target, targetOffset + done, length - done);
    }
}
