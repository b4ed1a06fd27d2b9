package io.signvote.kernel.cuda;

import static io.signvote.kernel.cuda.Cuda.check;

import jcuda.CudaException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;

/**
 * The primary context of a device, where the memory and the streams of frameworks live too. It is made current for each
 * call and no longer: what the thread had current before is current again.
 */
public final class PrimaryContext implements AutoCloseable {
    private final int ordinal;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUcontext popped = new CUcontext();
    private boolean isRetained;
    private int left = CUresult.CUDA_SUCCESS;

    /**
     * Retains the context of a device.
     *
     * @param ordinal of the device, from 0.
     * @throws io.signvote.error.DeviceException where there is none to be had.
     */
    public PrimaryContext(final int ordinal) {
        this.ordinal = ordinal;
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

    /**
     * Makes it current for the calling thread.
     *
     * @throws IllegalStateException once closed: what was in it is gone, though others may keep the context itself alive.
     */
    public void enter() {
        ensureOpen();
        check(push(), "cuCtxPushCurrent", "", 0);
    }

    /** Insists on not being closed. */
    void ensureOpen() {
        if (!isRetained) {
            throw new IllegalStateException("device " + ordinal + " is closed, open it again before it is used");
        }
    }

    /**
     * Gives things back that are in it, all of them, whatever fails; the first error is thrown. Where it is closed or lost they
     * are gone, and nothing is done.
     *
     * @param ends what gives them back.
     */
    public void release(final AutoCloseable... ends) {
        if (isRetained && enterToRelease()) {
            try {
                CloseHelper.closeAll(ends);
            } finally {
                leave();
            }
        }
    }

    /** Makes current again what was. Where that fails, the next to enter is told: an error on the way out stays the first. */
    public void leave() {
        try {
            left = JCudaDriver.cuCtxPopCurrent(popped);
        } catch (final CudaException e) {
            left = Cuda.resultOf(e);
        }
    }

    /** Makes it current; false where it is lost, and all that was in it gone: then there is nothing to leave. */
    private boolean enterToRelease() {
        final int result = push();
        if (Cuda.isLost(result)) {
            return false;
        }
        check(result, "cuCtxPushCurrent", "", 0);
        return true;
    }

    private int push() {
        final int result = left;
        if (result != CUresult.CUDA_SUCCESS && !Cuda.isLost(result)) {
            left = CUresult.CUDA_SUCCESS;
            check(result, "cuCtxPopCurrent", "", 0);
        }
        try {
            return JCudaDriver.cuCtxPushCurrent(context);
        } catch (final CudaException e) {
            return Cuda.resultOf(e);
        }
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
