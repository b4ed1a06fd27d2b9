package io.signvote.collective;

import java.util.Arrays;

/**
 * Buffers that grow with the largest call. Control plane. A call that is no larger than an earlier one allocates
 * nothing.
 */
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
