package io.signvote.kernel.cuda;

import io.signvote.op.DataType;

/** The kernels of the module, by the names that {@code native/cuda} gives them. */
enum Kernel {
    PACK_SIGNS("packSigns"),
    PACK_SIGNS_F16("packSignsF16"),
    PACK_SIGNS_BF16("packSignsBf16"),
    MOMENTUM_PACK_SIGNS("momentumPackSigns"),
    MOMENTUM_PACK_SIGNS_F16("momentumPackSignsF16"),
    MOMENTUM_PACK_SIGNS_BF16("momentumPackSignsBf16"),
    UNPACK_SIGNS("unpackSigns"),
    ACCUMULATE("accumulate"),
    MAJORITY("majority"),
    TALLY("tally"),
    APPLY_SIGNS("applySigns"),
    ADD("add");

    /** Name of the entry, and what errors call it. */
    final String entry;

    /** What a launch that fails is called. */
    final String launch;

    Kernel(final String entry) {
        this.entry = entry;
        launch = "cuLaunchKernel(" + entry + ")";
    }

    static Kernel packSigns(final DataType type) {
        return switch (type) {
            case FLOAT32 -> PACK_SIGNS;
            case FLOAT16 -> PACK_SIGNS_F16;
            case BFLOAT16 -> PACK_SIGNS_BF16;
            default -> throw new IllegalArgumentException(type + " has no signs to pack on a device");
        };
    }

    static Kernel momentumPackSigns(final DataType type) {
        return switch (type) {
            case FLOAT32 -> MOMENTUM_PACK_SIGNS;
            case FLOAT16 -> MOMENTUM_PACK_SIGNS_F16;
            case BFLOAT16 -> MOMENTUM_PACK_SIGNS_BF16;
            default -> throw new IllegalArgumentException(type + ", gradients are floats of 16 or 32 bits");
        };
    }
}
