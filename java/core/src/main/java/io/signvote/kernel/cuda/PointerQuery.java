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

    /**
     * Bytes that a device reaches from an address on, to the end of the allocation: of its own memory, or of pinned, by whatever
     * device it was allocated. The range is that of the allocation and not of a mapping, since a framework may map an allocation piece
     * by piece; so it is never too short for memory that is there.
     *
     * @return 0 where the device reaches nothing there.
     */
    long reach(final long address, final int device) {
        final int type = (int) ask(CUpointer_attribute.CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address, Integer.BYTES);
        final boolean isReachable = type == CUmemorytype.CU_MEMORYTYPE_HOST
                || type != UNKNOWN
                        && ask(CUpointer_attribute.CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, address, Integer.BYTES)
                                == device;
        if (!isReachable) {
            return 0;
        }
        final long start = ask(CUpointer_attribute.CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, address, Long.BYTES);
        final long length = ask(CUpointer_attribute.CU_POINTER_ATTRIBUTE_RANGE_SIZE, address, Long.BYTES);
        return start == UNKNOWN || length == UNKNOWN ? Long.MAX_VALUE : start + length - address;
    }

    private long ask(final int attribute, final long address, final int length) {
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
        return length == Long.BYTES ? UnsafeApi.getLong(answer.address()) : UnsafeApi.getInt(answer.address());
    }

    @Override
    public void close() {
        answer.close();
    }
}
