package io.signvote.bits;

import org.agrona.UnsafeApi;

/** Copies between heap arrays and memory outside the heap, in pieces, as {@link Copies} does. */
public final class HeapArrays {
    private static final long BASE = UnsafeApi.arrayBaseOffset(float[].class);
    private static final long BASE_OF_WORDS = UnsafeApi.arrayBaseOffset(long[].class);

    private HeapArrays() {}

    /**
     * Copies off the heap.
     *
     * @param source float32[at least n].
     * @param target address of float32[n].
     * @param n floats.
     */
    public static void copy(final float[] source, final long target, final int n) {
        if (n > source.length) {
            throw new IndexOutOfBoundsException("n=" + n + " > " + source.length);
        }
        Copies.copy(source, BASE, null, target, (long) n << 2);
    }

    /**
     * Copies onto the heap.
     *
     * @param source address of float32[n].
     * @param target float32[at least n].
     * @param n floats.
     */
    public static void copy(final long source, final float[] target, final int n) {
        if (n > target.length) {
            throw new IndexOutOfBoundsException("n=" + n + " > " + target.length);
        }
        Copies.copy(null, source, target, BASE, (long) n << 2);
    }

    /**
     * Copies off the heap.
     *
     * @param source uint64[at least n].
     * @param target address of uint64[n].
     * @param n words.
     */
    public static void copy(final long[] source, final long target, final int n) {
        if (n > source.length) {
            throw new IndexOutOfBoundsException("n=" + n + " > " + source.length);
        }
        Copies.copy(source, BASE_OF_WORDS, null, target, (long) n << 3);
    }

    /**
     * Copies onto the heap.
     *
     * @param source address of uint64[n].
     * @param target uint64[at least n].
     * @param n words.
     */
    public static void copy(final long source, final long[] target, final int n) {
        if (n > target.length) {
            throw new IndexOutOfBoundsException("n=" + n + " > " + target.length);
        }
        Copies.copy(null, source, target, BASE_OF_WORDS, (long) n << 3);
    }
}
