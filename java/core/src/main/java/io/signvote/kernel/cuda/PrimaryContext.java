package io.signvote.kernel.cuda;

import static io.signvote.kernel.cuda.Cuda.check;

import jcuda.CudaException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * The primary context of a device, where the memory and the streams of frameworks live too. It is made current for each
 * call and no longer: what the thread had current before is current again.
 */
final class PrimaryContext implements AutoCloseable {
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUcontext popped = new CUcontext();
    private boolean isRetained;

    /** Retains the context of a device. */
    PrimaryContext(final int ordinal) {
        Cuda.call("cuDeviceGet", "device", ordinal, () -> JCudaDriver.cuDeviceGet(device, ordinal));
        Cuda.call(
                "cuDevicePrimaryCtxRetain",
                "device",
                ordinal,
                () -> JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        isRetained = true;
    }

    CUdevice device() {
        return device;
    }

    /** Makes it current. */
    void enter() {
        int result;
        try {
            result = JCudaDriver.cuCtxPushCurrent(context);
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuCtxPushCurrent", "", 0);
    }

    /** Makes current again what was. */
    void leave() {
        int result;
        try {
            result = JCudaDriver.cuCtxPopCurrent(popped);
        } catch (final CudaException e) {
            result = Cuda.resultOf(e);
        }
        check(result, "cuCtxPopCurrent", "", 0);
    }

    /** Gives the context back; it ends with its last user. */
    @Override
    public void close() {
        if (isRetained) {
            isRetained = false;
            Cuda.release("cuDevicePrimaryCtxRelease", () -> JCudaDriver.cuDevicePrimaryCtxRelease(device));
        }
    }
}
