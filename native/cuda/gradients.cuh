/* The formats that gradients come in, widened to float32 without a rounding. */
#ifndef SIGNVOTE_GRADIENTS_CUH
#define SIGNVOTE_GRADIENTS_CUH

#include "bits.cuh"

struct Float32 {
    typedef float Stored;

    DEVICE float widen(float value) {
        return value;
    }
};

struct Float16 {
    typedef uint16_t Stored;

    /* The magnitude becomes a float32 that is too small by 2^112, also where it is a denormal: the product is exact. */
    DEVICE float widen(uint16_t value) {
        const uint32_t magnitude = value & 0x7FFFu;
        const float scaled = __fmul_rn(__uint_as_float(magnitude << 13), 0x1p112f);
        const uint32_t bits = magnitude >= 0x7C00u ? INFINITY_BITS | magnitude << 13 : __float_as_uint(scaled);
        return __uint_as_float(bits | (uint32_t)(value >> 15) << 31);
    }
};

/* The upper half of a float32. */
struct BFloat16 {
    typedef uint16_t Stored;

    DEVICE float widen(uint16_t value) {
        return __uint_as_float((uint32_t)value << 16);
    }
};

#endif
