package io.signvote.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.DeviceException;
import io.signvote.op.DataType;
import io.signvote.op.ZeroPolicy;
import jcuda.CudaException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A guest in a process that a framework shares: its memory and streams are taken, its context and switches left alone. */
@Tag("gpu")
class MannersTest {
    private static final int N = 640;

    @BeforeEach
    void requireDevice() {
        TestDevice.require();
    }

    @AfterEach
    void assertClean() {
        JCudaDriver.setExceptionsEnabled(false);
        TestDevice.assertClean();
    }

    @Test
    void shouldTakeMemoryAndStreamsThatAFrameworkMade() {
        final CUdevice device = new CUdevice();
        final CUcontext context = new CUcontext();
        final CUdeviceptr values = new CUdeviceptr();
        final CUdeviceptr words = new CUdeviceptr();
        final CUstream stream = new CUstream();
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
        JCudaDriver.cuCtxPushCurrent(context);
        JCudaDriver.cuMemAlloc(values, 4 * N);
        JCudaDriver.cuMemAlloc(words, 8 * N / 64 + 16);
        JCudaDriver.cuStreamCreate(stream, 0);
        JCudaDriver.cuCtxPopCurrent(new CUcontext());

        try (CudaDevice ours = CudaDevice.open(0)) {
            final long pinned = ours.allocatePinned(8 * N / 64);
            final long handle = JcudaPointers.value(stream);
            final long counts = JcudaPointers.value(words) + 8 * N / 64;
            ours.clear(JcudaPointers.value(values), 4 * N, handle);
            ours.clear(counts, 16, handle);
            ours.packSigns(
                    JcudaPointers.value(values),
                    DataType.FLOAT32,
                    JcudaPointers.value(words),
                    N,
                    ZeroPolicy.RANDOM,
                    1,
                    0,
                    counts,
                    handle);
            final long mine = ours.newStream();
            ours.follow(mine, handle);
            ours.download(JcudaPointers.value(words), pinned, 8 * N / 64, mine);
            ours.await(mine);

            assertNotEquals(0, UnsafeApi.getLong(pinned), "zeros draw lots");
        }

        JCudaDriver.cuCtxPushCurrent(context);
        assertEquals(CUresult.CUDA_SUCCESS, JCudaDriver.cuStreamSynchronize(stream));
        assertEquals(CUresult.CUDA_SUCCESS, JCudaDriver.cuStreamDestroy(stream));
        assertEquals(CUresult.CUDA_SUCCESS, JCudaDriver.cuMemFree(values));
        assertEquals(CUresult.CUDA_SUCCESS, JCudaDriver.cuMemFree(words));
        JCudaDriver.cuCtxPopCurrent(new CUcontext());
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }

    @Test
    void shouldLeaveTheCurrentContextAsItWas() {
        final CUdevice device = new CUdevice();
        final CUcontext theirs = new CUcontext();
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuCtxCreate(theirs, 0, device);
        final long expected = current();
        assertEquals(JcudaPointers.value(theirs), expected);

        try (CudaDevice ours = CudaDevice.open(0)) {
            assertEquals(expected, current());
            final long stream = ours.newStream();
            final long memory = ours.allocate(128);
            assertEquals(expected, current());
            ours.clear(memory, 128, stream);
            ours.add(memory, memory + 64, 16, stream);
            ours.await(stream);
            assertEquals(expected, current());
            assertThrows(DeviceException.class, () -> ours.allocate(1L << 60));
            assertEquals(expected, current());
            ours.free(memory);
            ours.closeStream(stream);
            assertEquals(expected, current());
        }
        assertEquals(expected, current());

        JCudaDriver.cuCtxDestroy(theirs);
        assertEquals(0, current());
    }

    @Test
    void shouldReportTheSameWhetherJcudaThrowsOrReturns() {
        for (final boolean isEnabled : new boolean[] {false, true}) {
            JCudaDriver.setExceptionsEnabled(isEnabled);
            try (CudaDevice ours = CudaDevice.open(0)) {
                final long stream = ours.newStream();
                final long memory = ours.allocate(1 << 17);
                for (int i = 0; i < 50; i++) {
                    ours.add(memory, memory + (1 << 16), 1 << 14, stream);
                    // says that it is not ready, for which JCuda would throw
                    ours.isIdle(stream);
                }
                ours.await(stream);
                assertTrue(ours.isIdle(stream));

                final String message = assertThrows(DeviceException.class, () -> ours.allocate(1L << 60))
                        .getMessage();

                assertEquals(
                        "cuMemAlloc failed: 2 CUDA_ERROR_OUT_OF_MEMORY, length=" + (1L << 60)
                                + ", free device memory, or vote on less at a time",
                        message);
            }
            assertEquals(isEnabled, isThrowing(), "the switch is the application's");
        }
    }

    private static long current() {
        final CUcontext context = new CUcontext();
        JCudaDriver.cuCtxGetCurrent(context);
        return JcudaPointers.value(context);
    }

    private static boolean isThrowing() {
        try {
            JCudaDriver.cuMemAlloc(new CUdeviceptr(), 0);
            return false;
        } catch (final CudaException e) {
            return true;
        }
    }
}
