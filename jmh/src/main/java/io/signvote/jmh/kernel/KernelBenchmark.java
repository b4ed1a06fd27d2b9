package io.signvote.jmh.kernel;

import io.signvote.bits.OffHeap;
import io.signvote.jmh.SignVoteBenchmark;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.kernel.jni.NativeKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/** The kernels, and the memory they work on: far more than the caches hold. */
public abstract class KernelBenchmark extends SignVoteBenchmark {
    /** Coordinates: those of ResNet-50, in round numbers. */
    @Param("25600000")
    public int n = 25_600_000;

    final Kernels scalar = new ScalarKernels();
    final Kernels jni = NativeKernels.create("avx2");

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<OffHeap> memory = new ArrayList<>();

    /** For benchmarks of kernels. */
    protected KernelBenchmark() {}

    /** Gives the memory back. */
    @TearDown
    public void free() {
        CloseHelper.closeAll(memory);
        memory.clear();
    }

    /** Memory that is there, not just promised: written once. */
    final long allocate(final double bytes) {
        final OffHeap block = new OffHeap(Sweeps.lengthOf(bytes));
        memory.add(block);
        return block.address();
    }

    /** Floats like gradients, a share of them zero. */
    final long allocateFloats(final double zeros) {
        final long address = allocate(4.0 * n);
        for (long i = 0; i < n; i++) {
            final float value = (float) random.nextDouble(-1, 1);
            UnsafeApi.putFloat(address + 4 * i, zeros > 0 && random.nextDouble() < zeros ? 0 : value);
        }
        return address;
    }

    /** Words of random signs. */
    final long allocateWords(final long words) {
        final long address = allocate(8.0 * words);
        for (long w = 0; w < words; w++) {
            UnsafeApi.putLong(address + 8 * w, random.nextLong());
        }
        return address;
    }
}
