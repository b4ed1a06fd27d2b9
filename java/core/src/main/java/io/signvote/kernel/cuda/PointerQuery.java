package io.signvote.kernel.cuda;

import io.signvote.bits.OffHeap;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUpointer_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.agrona.UnsafeApi;

/** Asks the driver whose memory an address is, before a kernel finds out the hard way. Needs a current context. */
final class PointerQuery implements AutoCloseable {
    private final OffHeap answer = new OffHeap(Long.BYTES);
    private final Pointer answerPointer = Raw.point(new Pointer(), answer.address());
    private final CUdeviceptr pointer = new CUdeviceptr();

    /** The device that memory belongs to or, where it is pinned, may be reached from; -1 where the driver knows it not. */
    int device(final long address) {
        int result;
        try {
            result = JCudaDriver.cuPointerGetAttribute(
                    answerPointer,
                    CUpointer_attribute.CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL,
                    Raw.point(pointer, address));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        if (result == CUresult.CUDA_ERROR_INVALID_VALUE) {
            return -1;
        }
        Cuda.check(result, "cuPointerGetAttribute", "", 0);
        return UnsafeApi.getInt(answer.address());
    }

    @Override
    public void close() {
        answer.close();
    }
}
