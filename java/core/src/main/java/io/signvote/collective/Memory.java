package io.signvote.collective;

import java.util.Arrays;

/** Buffers that a call may need larger than the one before. Control plane: a call no larger than before allocates nothing. */
final class Memory {
    private Memory() {}

    static int[] cleared(final int[] counts, final int size) {
        if (counts.length < size) {
            return new int[size];
        }
        Arrays.fill(counts, 0);
        return counts;
    }
}
