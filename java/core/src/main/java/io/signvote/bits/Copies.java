package io.signvote.bits;

import org.agrona.UnsafeApi;

/**
 * Copies and fills memory of any length. The JVM cannot reach a safepoint during one copy, so a garbage collection
 * waits for its end. Therefore a long copy is done in pieces of 1 MiB. Each piece takes a fraction of a millisecond.
 * Thread-safe.
 */
public final class Copies {
    /** Bytes of one piece. A multiple of every type's length. */
    static final int PIECE_LENGTH = 1 << 20;

    private Copies() {}

    /**
     * Copies memory outside the heap. Up to 1 MiB it copies as {@code memmove} does. Longer ranges may not overlap.
     *
     * @param source address of the bytes.
     * @param target address of the same number of bytes.
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
     * @param value of each byte.
     */
    public static void fill(final long target, final long length, final byte value) {
        long done = 0;
        while (length - done > PIECE_LENGTH) {
            UnsafeApi.setMemory(target + done, PIECE_LENGTH, value);
            done += PIECE_LENGTH;
        }
        UnsafeApi.setMemory(target + done, length - done, value);
    }

    /**
     * Copies between arrays and memory outside the heap.
     *
     * @param source array, or null.
     * @param sourceOffset of the first byte, from the start of the array as Unsafe counts; an address if the array is null.
     * @param target array, or null.
     * @param targetOffset of the first byte, as of the source.
     * @param length bytes, at least 0.
     */
    public static void copy(
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
