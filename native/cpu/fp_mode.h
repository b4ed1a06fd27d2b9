/*
 * The floating-point environment that the kernels promise: rounding to nearest even, denormals kept, exceptions masked.
 * A framework may have left its thread in another (flush-to-zero is popular): it is set for the call and put back.
 */
#ifndef SIGNVOTE_FP_MODE_H
#define SIGNVOTE_FP_MODE_H

#include <xmmintrin.h>

/* Of MXCSR: flush-to-zero, rounding, the exception masks, denormals-are-zero. Bits 0 to 5 are sticky flags. */
#define FP_MODE_MASK 0xFFC0u
#define FP_MODE_PROMISED 0x1F80u

/* Sets the promised mode and returns the one found. */
static inline unsigned fp_mode_enter(void) {
    const unsigned found = _mm_getcsr();
    if (__builtin_expect((found & FP_MODE_MASK) != FP_MODE_PROMISED, 0)) {
        _mm_setcsr(FP_MODE_PROMISED);
    }
    return found;
}

/* Puts back the mode found. */
static inline void fp_mode_leave(unsigned found) {
    if (__builtin_expect((found & FP_MODE_MASK) != FP_MODE_PROMISED, 0)) {
        _mm_setcsr(found);
    }
}

#endif
