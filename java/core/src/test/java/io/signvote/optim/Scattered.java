package io.signvote.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/** A vector in blocks of memory of its own, cut by lot, each between two floats that nobody may write. */
final class Scattered implements AutoCloseable {
    private static final float FENCE = 42;
    private static final int[] LENGTHS = {1, 1, 3, 10, 63, 64, 65, 128, 500, 2_000};

    final Segments segments;
    private final long[] counts;
    private final List<OffHeap> blocks = new ArrayList<>();

    Scattered(final int n, final long seed) {
        counts = cuts(n, new SplittableRandom(seed));
        segments = new Segments(counts);
        for (int i = 0; i < counts.length; i++) {
            final OffHeap block = new OffHeap(counts[i] + 2 << 2);
            UnsafeApi.putFloat(block.address(), FENCE);
            UnsafeApi.putFloat(block.address() + (counts[i] + 1 << 2), FENCE);
            segments.at(i, block.address() + Float.BYTES);
            blocks.add(block);
        }
    }

    int size() {
        return counts.length;
    }

    void write(final float[] values) {
        int done = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int k = 0; k < counts[i]; k++) {
                UnsafeApi.putFloat(blocks.get(i).address() + (k + 1L << 2), values[done++]);
            }
        }
    }

    void read(final float[] values) {
        int done = 0;
        for (int i = 0; i < counts.length; i++) {
            final float[] part = new float[(int) counts[i] + 2];
            HeapArrays.copy(blocks.get(i).address(), part, part.length);
            assertEquals(FENCE, part[0], "written before segment " + i);
            assertEquals(FENCE, part[part.length - 1], "written behind segment " + i);
            System.arraycopy(part, 1, values, done, part.length - 2);
            done += part.length - 2;
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(blocks);
    }

    private static long[] cuts(final int n, final SplittableRandom random) {
        final List<Long> counts = new ArrayList<>();
        for (int left = n; left > 0; ) {
            final int count = Math.min(left, LENGTHS[random.nextInt(LENGTHS.length)]);
            counts.add((long) count);
            left -= count;
        }
        return counts.stream().mapToLong(Long::longValue).toArray();
    }
}
