package io.signvote.kernel.cuda;

import io.signvote.bits.OffHeap;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUpointer_attribute;
import jcuda.driver.JCudaDriver;
import org.agrona.UnsafeApi;

/**
 * Asks the driver which memory an address belongs to, before a kernel fails there. Needs a current context. The answers and their
 * addresses:
 *
 * <pre>
 * | type | ordinal | start | length | address of type | address of ordinal | address of start | address of length |   8 bytes each
 * </pre>
 */
final class PointerQuery implements AutoCloseable {
    private static final int[] ATTRIBUTES = {
        CUpointer_attribute.CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
        CUpointer_attribute.CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL,
        CUpointer_attribute.CU_POINTER_ATTRIBUTE_RANGE_START_ADDR,
        CUpointer_attribute.CU_POINTER_ATTRIBUTE_RANGE_SIZE,
    };
    private static final int TYPE = 0;
    private static final int ORDINAL = Long.BYTES;
    private static final int START = 2 * Long.BYTES;
    private static final int LENGTH = 3 * Long.BYTES;
    private static final int TABLE = ATTRIBUTES.length * Long.BYTES;

    /** Type of memory that the driver does not know. */
    private static final int UNKNOWN = 0;

    private final OffHeap answers = new OffHeap(2L * TABLE);
    private final Pointer table = JcudaPointers.point(new Pointer(), answers.address() + TABLE);
    private final CUdeviceptr pointer = new CUdeviceptr();

    PointerQuery() {
        for (int i = 0; i < TABLE; i += Long.BYTES) {
            UnsafeApi.putLong(answers.address() + TABLE + i, answers.address() + i);
        }
    }

    /**
     * Bytes that a device reaches from an address to the end of the allocation. The memory is the device's own, or any pinned memory.
     * The range is that of the allocation, not of a mapping: a framework may map an allocation piece by piece. So the range is never too
     * short.
     *
     * <p>One call gets all attributes. cuPointerGetAttribute returns an error for memory that the driver does not know. Tools that watch
     * for errors of the driver would report it.
     *
     * @return 0 if the device cannot reach the address; {@link Long#MAX_VALUE} if the driver does not know the range.
     */
    long reach(final long address, final int device) {
        for (int i = 0; i < TABLE; i += Long.BYTES) {
            UnsafeApi.putLong(answers.address() + i, 0);
        }
        JcudaPointers.point(pointer, address);
        final int result = Cuda.result(
                this,
                query -> JCudaDriver.cuPointerGetAttributes(ATTRIBUTES.length, ATTRIBUTES, query.table, query.pointer));
        Cuda.check(result, "cuPointerGetAttributes", "", 0);
        final int type = UnsafeApi.getInt(answers.address() + TYPE);
        final boolean isReachable = type == CUmemorytype.CU_MEMORYTYPE_HOST
                || type != UNKNOWN && UnsafeApi.getInt(answers.address() + ORDINAL) == device;
        if (!isReachable) {
            return 0;
        }
        final long length = UnsafeApi.getLong(answers.address() + LENGTH);
        // the driver may know the memory but not its range
        return length == 0 ? Long.MAX_VALUE : UnsafeApi.getLong(answers.address() + START) + length - address;
    }

    @Override
    public void close() {
        answers.close();
    }
}
