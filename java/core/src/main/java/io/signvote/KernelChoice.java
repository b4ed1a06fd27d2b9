package io.signvote;

import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.kernel.cuda.CudaDriver;
import io.signvote.kernel.cuda.CudaKernels;
import io.signvote.kernel.jni.NativeKernels;
import java.util.function.UnaryOperator;

/**
 * The kernel backend of a communicator and why it is that one. A backend asked for by name never falls back.
 *
 * @param kernels to use.
 * @param reason for the log.
 * @param chosen what stands behind the kernels, or they themselves: it is what holds something.
 * @param warning why the kernels are slower than this machine's could be, with the remedy, or null. Every rank chooses alone, and
 *     one that is slow slows all, so every rank logs its own.
 */
record KernelChoice(Kernels kernels, String reason, Kernels chosen, String warning) implements AutoCloseable {
    private KernelChoice(final Kernels kernels, final String reason) {
        this(kernels, reason, kernels, null);
    }

    /** For memory of the host, {@code auto} is never cuda: all would cross PCIe twice. */
    static KernelChoice of(final Context context) {
        return of(context.kernel(), context.kernelIsaMax(), Configuration.localRank())
                .behind(context.kernelDecorator());
    }

    static KernelChoice of(final String name, final String isaMax, final int localRank) {
        return switch (name) {
            case "auto" -> NativeKernels.isAvailable() ? natively(isaMax, "best available") : fallBack();
            case "native" -> natively(isaMax, "asked for");
            case "scalar" -> new KernelChoice(new ScalarKernels(), "asked for");
            case "cuda" -> onDevice(CudaDriver.deviceOf(localRank));
            default ->
                throw new ConfigurationException("signvote.kernel=" + name + ", expected auto, scalar, native or cuda");
        };
    }

    private KernelChoice behind(final UnaryOperator<Kernels> decorator) {
        try {
            final Kernels decorated = decorator.apply(chosen);
            if (decorated == null) {
                throw new ConfigurationException("kernelDecorator gave null, return the " + chosen.name()
                        + " kernels or what stands before them");
            }
            return new KernelChoice(decorated, reason, chosen, warning);
        } catch (final RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Gives back what the kernels hold, where they hold something. */
    @Override
    public void close() {
        if (chosen instanceof CudaKernels onDevice) {
            onDevice.close();
        }
    }

    private static KernelChoice onDevice(final int device) {
        final CudaKernels kernels = CudaKernels.create(device);
        return new KernelChoice(kernels, "asked for, device " + device + ", " + kernels.deviceName());
    }

    private static KernelChoice natively(final String isaMax, final String reason) {
        final NativeKernels kernels = NativeKernels.create(isaMax);
        final String warning = kernels.tier().equals(isaMax)
                ? null
                : "native kernels run in tier " + kernels.tier() + ", this processor has no " + isaMax + "; set "
                        + Configuration.KERNEL_ISA_MAX_PROP_NAME + "=" + kernels.tier() + " if it need not";
        return new KernelChoice(kernels, reason + ", tier " + kernels.tier(), kernels, warning);
    }

    private static KernelChoice fallBack() {
        final String reason =
                "native is unavailable: " + NativeKernels.unavailabilityCause().getMessage();
        final Kernels kernels = new ScalarKernels();
        return new KernelChoice(
                kernels,
                reason,
                kernels,
                "votes use the slower scalar kernels, " + reason + "; set " + NativeKernels.PATH_PROP_NAME
                        + " to a libsignvote.so of this build, or " + Configuration.KERNEL_PROP_NAME
                        + "=scalar if scalar kernels will do");
    }
}
