package io.signvote;

import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.kernel.jni.NativeKernels;
import java.util.function.UnaryOperator;

/**
 * The kernel backend of a communicator, and the reason for the choice. A backend that {@code signvote.kernel} names
 * never falls back.
 *
 * @param kernels to use.
 * @param reason for the log.
 * @param warning reason why the kernels are slower than possible on this machine, with the remedy, or null. A slow rank
 *     slows all ranks, so every rank logs its own warning.
 */
record KernelChoice(Kernels kernels, String reason, String warning) {
    static KernelChoice of(final Context context) {
        return of(context.kernel(), context.kernelIsaMax()).behind(context.kernelDecorator());
    }

    static KernelChoice of(final String name, final String isaMax) {
        return switch (name) {
            case "auto" -> NativeKernels.isAvailable() ? natively(isaMax, "best available") : fallBack();
            case "native" -> natively(isaMax, "set by signvote.kernel");
            case "scalar" -> new KernelChoice(new ScalarKernels(), "set by signvote.kernel", null);
            default -> throw Configuration.KERNEL.refusal(name);
        };
    }

    private KernelChoice behind(final UnaryOperator<Kernels> decorator) {
        final Kernels decorated = decorator.apply(kernels);
        if (decorated == null) {
            throw new ConfigurationException(
                    "kernelDecorator returned null, return the " + kernels.name() + " kernels or a wrapper of them");
        }
        return new KernelChoice(decorated, reason, warning);
    }

    private static KernelChoice natively(final String isaMax, final String reason) {
        final NativeKernels kernels = NativeKernels.create(isaMax);
        final String warning = kernels.tier().equals(isaMax)
                ? null
                : "native kernels run in tier " + kernels.tier() + ", this processor has no " + isaMax + "; set "
                        + Configuration.KERNEL_ISA_MAX.name() + "=" + kernels.tier() + " to silence this warning";
        return new KernelChoice(kernels, reason + ", tier " + kernels.tier(), warning);
    }

    private static KernelChoice fallBack() {
        final String reason =
                "native is unavailable: " + NativeKernels.unavailabilityCause().getMessage();
        return new KernelChoice(
                new ScalarKernels(),
                reason,
                "votes use the slower scalar kernels, " + reason + "; set " + NativeKernels.PATH_PROP_NAME
                        + " to a libsignvote.so of this build, or " + Configuration.KERNEL.name()
                        + "=scalar if scalar kernels will do");
    }
}
