package io.signvote.kernel.cuda;

import io.signvote.bits.OffHeap;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUpointer_attribute;
import jcuda.driver.JCudaDriver;
import org.agrona.UnsafeApi;

/**
 * Asks the driver whose memory an address is, before a kernel finds out the hard way. Needs a current context.
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
    private final Pointer table = Raw.point(new Pointer(), answers.address() + TABLE);
    private final CUdeviceptr pointer = new CUdeviceptr();

    PointerQuery() {
        for (int i = 0; i < TABLE; i += Long.BYTES) {
            UnsafeApi.putLong(answers.address() + TABLE + i, answers.address() + i);
        }
    }

    /**
     * Bytes that a device reaches from an address on, to the end of the allocation: of its own memory, or of pinned, by whatever
     * device it was allocated. The range is that of the allocation and not of a mapping, since a framework may map an allocation piece
     * by piece; so it is never too short for memory that is there.
     *
     * <p>All is asked in one call. cuPointerGetAttribute would be an error for memory that the driver does not know, and tools
     * that watch for errors of the driver would report it.
     *
     * @return 0 where the device reaches nothing there.
     */
    long reach(final long address, final int device) {
        for (int i = 0; i < TABLE; i += Long.BYTES) {
            UnsafeApi.putLong(answers.address() + i, 0);
        }
        int result;
        try {
            result = JCudaDriver.cuPointerGetAttributes(
                    ATTRIBUTES.length, ATTRIBUTES, table, Raw.point(pointer, address));
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        Cuda.check(result, "cuPointerGetAttributes", "", 0);
        final int type = UnsafeApi.getInt(answers.address() + TYPE);
        final boolean isReachable = type == CUmemorytype.CU_MEMORYTYPE_HOST
                || type != UNKNOWN && UnsafeApi.getInt(answers.address() + ORDINAL) == device;
        if (!isReachable) {
            return 0;
        }
        final long length = UnsafeApi.getLong(answers.address() + LENGTH);
        // the driver may know the memory and not its range
        return length == 0 ? Long.MAX_VALUE : UnsafeApi.getLong(answers.address() + START) + length - address;
    }

    @Override
    public void close() {
        answers.close();
    }
}
