package io.signvote.kernel.cuda;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.agrona.collections.Long2LongHashMap;

/** Memory that we allocated: on the device, and pinned memory of the host. Needs a current context. */
final class Allocations {
    private static final long NONE = -1;

    private final Long2LongHashMap device = new Long2LongHashMap(NONE);
    private final Long2LongHashMap pinned = new Long2LongHashMap(NONE);

    long allocate(final long length) {
        final CUdeviceptr pointer = new CUdeviceptr();
        Cuda.call("cuMemAlloc", "length", length, () -> JCudaDriver.cuMemAlloc(pointer, length));
        device.put(JcudaPointers.value(pointer), length);
        return JcudaPointers.value(pointer);
    }

    void free(final long address) {
        if (device.remove(address) != NONE) {
            final CUdeviceptr pointer = JcudaPointers.point(new CUdeviceptr(), address);
            Cuda.release("cuMemFree", () -> JCudaDriver.cuMemFree(pointer));
        }
    }

    long allocatePinned(final long length) {
        final Pointer pointer = new Pointer();
        Cuda.call(
                "cuMemHostAlloc",
                "length",
                length,
                () -> JCudaDriver.cuMemHostAlloc(pointer, length, JCudaDriver.CU_MEMHOSTALLOC_PORTABLE));
        pinned.put(JcudaPointers.value(pointer), length);
        return JcudaPointers.value(pointer);
    }

    void freePinned(final long address) {
        if (pinned.remove(address) != NONE) {
            final Pointer pointer = JcudaPointers.point(new Pointer(), address);
            Cuda.release("cuMemFreeHost", () -> JCudaDriver.cuMemFreeHost(pointer));
        }
    }

    /** One resource for each block that is not freed yet: its close frees the block. */
    List<AutoCloseable> ends() {
        final List<AutoCloseable> ends = new ArrayList<>();
        device.forEachLong((address, length) -> ends.add(() -> free(address)));
        pinned.forEachLong((address, length) -> ends.add(() -> freePinned(address)));
        return ends;
    }
}
