package io.signvote;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.kernel.jni.NativeKernels;

/**
 * The kernel backend of a communicator and why it is that one. A backend asked for by name never falls back.
 *
 * @param kernels chosen.
 * @param reason for the log.
 */
record KernelChoice(Kernels kernels, String reason) {
    static KernelChoice of(final String name, final String isaMax) {
        return switch (name) {
            case "auto" -> NativeKernels.isAvailable() ? natively(isaMax, "best available") : fallBack();
            case "native" -> natively(isaMax, "asked for");
            case "scalar" -> new KernelChoice(new ScalarKernels(), "asked for");
            case "cuda" ->
                throw new BackendUnavailableException(
                        "signvote.kernel=cuda: this version has no CUDA kernels," + " set signvote.kernel=auto");
            default ->
                throw new ConfigurationException("signvote.kernel=" + name + ", expected auto, scalar, native or cuda");
        };
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
