package io.signvote.jmh.cuda;

import io.signvote.bits.OffHeap;
import io.signvote.jmh.cuda.Operand.Kind;
import org.agrona.UnsafeApi;

/** A copy of float16 or bfloat16 values as float32, for the host's kernels. Only for values of a {@link Tile}: zeros and normal ones. */
final class Widened implements AutoCloseable {
    private static final int FLOAT16_BIAS = 127 - 15 << 23;

    private final OffHeap memory;

    Widened(final Kind kind, final long source, final int n) {
        memory = new OffHeap(4L * n);
        for (int i = 0; i < n; i++) {
            final int bits = UnsafeApi.getShort(source + 2L * i);
            UnsafeApi.putInt(memory.address() + 4L * i, kind == Kind.BFLOAT16 ? bits << 16 : float16(bits));
        }
    }

    private static int float16(final int bits) {
        return (bits & 0x7FFF) == 0
                ? (bits & 0x8000) << 16
                : (bits & 0x8000) << 16 | ((bits & 0x7FFF) << 13) + FLOAT16_BIAS;
    }

    long address() {
        return memory.address();
    }

    @Override
    public void close() {
        memory.close();
    }
}
