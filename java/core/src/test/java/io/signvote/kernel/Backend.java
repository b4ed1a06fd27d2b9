package io.signvote.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.signvote.kernel.cuda.CudaKernels;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.kernel.jni.NativeKernels;

/** Every backend and tier that the contract holds for. */
enum Backend {
    SCALAR,
    NATIVE_SCALAR,
    NATIVE_AVX2,
    CUDA,
    CUDA_DESCENDING,
    CUDA_RANDOM;

    private static final int LARGE = 1_000_003;
    private static final int LARGE_EMULATED = 200_003;
    private static final int LARGE_REORDERED = 20_011;

    /** A size of several pieces; less where 10 million coordinates take a second. */
    int large() {
        return switch (this) {
            case CUDA -> TestDevice.isEmulated() ? LARGE_EMULATED : LARGE;
            case CUDA_DESCENDING, CUDA_RANDOM -> LARGE_REORDERED;
            default -> LARGE;
        };
    }

    /** The kernels; skips the test where they are not available, or fails it where signvote.require names them. */
    Kernels kernels() {
        if (this == SCALAR) {
            return new ScalarKernels();
        }
        if (name().startsWith("CUDA")) {
            return onDevice();
        }
        if (TestDevice.isRequired("native")) {
            NativeKernels.ensureAvailable();
        }
        assumeTrue(NativeKernels.isAvailable(), () -> "native: " + NativeKernels.unavailabilityCause());
        final String tier = this == NATIVE_AVX2 ? "avx2" : "scalar";
        final NativeKernels kernels = NativeKernels.create(tier);
        assumeTrue(tier.equals(kernels.tier()), () -> "native: this processor has no " + tier);
        return kernels;
    }

    /** On an emulated device in the given order of lanes and blocks; a card has its own. */
    private Kernels onDevice() {
        TestDevice.require();
        if (this != CUDA) {
            TestDevice.configure("seed=7,lanes=" + (this == CUDA_RANDOM ? "random" : "descending"));
        }
        return CudaKernels.create(0);
    }
}
