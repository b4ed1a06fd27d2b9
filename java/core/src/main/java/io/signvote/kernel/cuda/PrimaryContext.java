package io.signvote.kernel.cuda;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;

/**
 * The primary context of a device, which also holds the memory and the streams of frameworks. It is current only during a {@link
 * Scope}. After the scope, the context that the thread had before is current again. Owned by one thread.
 */
public final class PrimaryContext implements AutoCloseable {
    private final int ordinal;
    private final CUdevice device;
    private final CUcontext context = new CUcontext();
    private final CUcontext popped = new CUcontext();
    private final Scope scope = new Scope();
    private boolean isRetained;
    private int popResult = CUresult.CUDA_SUCCESS;

    /**
     * Retains the context of a device.
     *
     * @param ordinal of the device, from 0.
     * @throws io.signvote.error.DeviceException if the driver refuses the device.
     */
    public PrimaryContext(final int ordinal) {
        this.ordinal = ordinal;
        device = DeviceQuery.device(ordinal);
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
     * Makes this context current for the calling thread until the scope is closed. Allocates nothing: all calls return the same
     * scope. Scopes of one thread may nest.
     *
     * @return scope, to be closed by the same thread.
     * @throws IllegalStateException after {@link #close()}. The context itself may live on, but its resources of ours are gone.
     */
    public Scope enter() {
        ensureOpen();
        Cuda.check(push(), "cuCtxPushCurrent", "", 0);
        return scope;
    }

    /** Throws if this is closed. */
    void ensureOpen() {
        if (!isRetained) {
            throw new IllegalStateException("device " + ordinal + " is closed, open it again before it is used");
        }
    }

    /**
     * Releases resources that live in this context. All of them are released, and the first error is thrown. Does nothing if the
     * context is closed or lost, because the resources are gone with it.
     *
     * @param resources released with this context current.
     */
    public void release(final AutoCloseable... resources) {
        try (Scope current = enterToRelease()) {
            if (current != null) {
                CloseHelper.closeAll(resources);
            }
        }
    }

    /** Like {@link #enter}, but returns null if the context is closed or lost. */
    private Scope enterToRelease() {
        if (!isRetained) {
            return null;
        }
        final int result = push();
        if (Cuda.isLost(result)) {
            return null;
        }
        Cuda.check(result, "cuCtxPushCurrent", "", 0);
        return scope;
    }

    private int push() {
        final int result = popResult;
        if (result != CUresult.CUDA_SUCCESS && !Cuda.isLost(result)) {
            popResult = CUresult.CUDA_SUCCESS;
            Cuda.check(result, "cuCtxPopCurrent", "", 0);
        }
        return Cuda.result(this, primary -> JCudaDriver.cuCtxPushCurrent(primary.context));
    }

    private void pop() {
        popResult = Cuda.result(this, primary -> JCudaDriver.cuCtxPopCurrent(primary.popped));
    }

    /** Releases the context. It ends with its last user. */
    @Override
    public void close() {
        if (isRetained) {
            isRetained = false;
            Cuda.release("cuDevicePrimaryCtxRelease", () -> JCudaDriver.cuDevicePrimaryCtxRelease(device));
        }
    }

    /** The span in which the context is current for a thread. */
    public final class Scope implements AutoCloseable {
        private Scope() {}

        /**
         * Makes the context before it current again. If that fails, the next {@link #enter} throws. So an error inside the scope
         * stays the first error.
         */
        @Override
        public void close() {
            pop();
        }
    }
}
