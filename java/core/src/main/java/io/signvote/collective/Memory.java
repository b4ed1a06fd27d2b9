package io.signvote.collective;

import io.signvote.bits.OffHeap;
import java.util.Arrays;

/** Buffers that a call may need larger than the one before. Control plane: a call no larger than before allocates nothing. */
final class Memory {
    private Memory() {}

    static OffHeap atLeast(final OffHeap block, final long length) {
        if (block.length() >= length) {
            return block;
        }
        final OffHeap larger = OffHeap.uncleared(length);
        block.close();
        return larger;
    }

    static int[] cleared(final int[] counts, final int size) {
        if (counts.length < size) {
            return new int[size];
        }
        Arrays.fill(counts, 0);
        return counts;
    }
}
