package io.signvote.kernel.cuda;

import io.signvote.bits.OffHeap;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUpointer_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.agrona.UnsafeApi;

/** Asks the driver whose memory an address is, before a kernel finds out the hard way. Needs a current context. */
final class PointerQuery implements AutoCloseable {
    private static final int UNKNOWN = -1;

    private final OffHeap answer = new OffHeap(Long.BYTES);
    private final Pointer answerPointer = Raw.point(new Pointer(), answer.address());
    private final CUdeviceptr pointer = new CUdeviceptr();

    /** Whether a device reaches memory: its own, or pinned, by whatever device it was allocated. */
    boolean isReachable(final long address, final int device) {
        final int type = ask(CUpointer_attribute.CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address);
        return type == CUmemorytype.CU_MEMORYTYPE_HOST
                || type != UNKNOWN && ask(CUpointer_attribute.CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, address) == device;
    }

    private int ask(final int attribute, final long address) {
        int result;
        try {
            result = JCudaDriver.cuPointerGetAttribute(answerPointer, attribute, Raw.point(pointer, address));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        if (result == CUresult.CUDA_ERROR_INVALID_VALUE) {
            return UNKNOWN;
        }
        Cuda.check(result, "cuPointerGetAttribute", "", 0);
        return UnsafeApi.getInt(answer.address());
    }

    @Override
    public void close() {
        answer.close();
    }
}
