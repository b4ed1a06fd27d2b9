package io.signvote;

import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.kernel.cuda.CudaDriver;
import io.signvote.kernel.cuda.CudaKernels;
import io.signvote.kernel.jni.NativeKernels;

/**
 * The kernel backend of a communicator and why it is that one. A backend asked for by name never falls back.
 *
 * @param kernels chosen.
 * @param reason for the log.
 */
record KernelChoice(Kernels kernels, String reason) implements AutoCloseable {
    /** For memory of the host, {@code auto} is never cuda: all would cross PCIe twice. */
    static KernelChoice of(final Context context) {
        return of(context.kernel(), context.kernelIsaMax(), context.device());
    }

    static KernelChoice of(final String name, final String isaMax, final int device) {
        return switch (name) {
            case "auto" -> NativeKernels.isAvailable() ? natively(isaMax, "best available") : fallBack();
            case "native" -> natively(isaMax, "asked for");
            case "scalar" -> new KernelChoice(new ScalarKernels(), "asked for");
            case "cuda" -> onDevice(CudaDriver.ordinal(device, Configuration.localRank()));
            default ->
                throw new ConfigurationException("signvote.kernel=" + name + ", expected auto, scalar, native or cuda");
        };
    }

    /** Gives back what the kernels hold, where they hold something. */
    @Override
    public void close() {
        if (kernels instanceof CudaKernels onDevice) {
            onDevice.close();
        }
    }

    private static KernelChoice onDevice(final int device) {
        final CudaKernels kernels = CudaKernels.create(device);
        return new KernelChoice(kernels, "asked for, device " + device + ", " + kernels.deviceName());
    }

    private static KernelChoice natively(final String isaMax, final String reason) {
        final NativeKernels kernels = NativeKernels.create(isaMax);
        return new KernelChoice(kernels, reason + ", tier " + kernels.tier());
    }

    private static KernelChoice fallBack() {
        return new KernelChoice(
                new ScalarKernels(),
                "native is unavailable: " + NativeKernels.unavailabilityCause().getMessage());
    }
}
