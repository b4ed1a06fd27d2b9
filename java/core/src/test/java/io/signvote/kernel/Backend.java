package io.signvote.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.kernel.jni.NativeKernels;
import java.util.List;

/** Every backend and tier that the contract holds for. */
enum Backend {
    SCALAR,
    NATIVE_SCALAR,
    NATIVE_AVX2;

    /** The kernels; skips the test where they are not available, or fails it where signvote.require names them. */
    Kernels kernels() {
        if (this == SCALAR) {
            return new ScalarKernels();
        }
        if (List.of(System.getProperty("signvote.require", "").split(",")).contains("native")) {
            NativeKernels.ensureAvailable();
        }
        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());
        final String tier = this == NATIVE_AVX2 ? "avx2" : "scalar";
        final NativeKernels kernels = NativeKernels.create(tier);
        assumeTrue(tier.equals(kernels.tier()), () -> "native: this processor has no " + tier);
        return kernels;
    }
}
