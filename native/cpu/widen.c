/*
 * Floats of 16 bits as float32. Exact. A signalling NaN of float16 becomes quiet.
 *
 * Reads 2 and writes 4 bytes an element: limited by memory.
 */
#include "halves.h"

void widen_scalar(int32_t type, const uint16_t *source, float *target, int32_t n) {
    if (type == TYPE_FLOAT16) {
        for (int64_t i = 0; i < n; i++) {
            target[i] = float_of_float16(source[i]);
        }
    } else {
        for (int64_t i = 0; i < n; i++) {
            target[i] = float_of_bfloat16(source[i]);
        }
    }
}

AVX2 INLINE void widen_vectors_avx2(const int32_t type, const uint16_t *source, float *target, int64_t n) {
    for (int64_t i = 0; i < n; i += 8) {
        _mm256_storeu_ps(target + i, widened_avx2(type, source + i));
    }
}

AVX2 void widen_avx2(int32_t type, const uint16_t *source, float *target, int32_t n) {
    const int64_t whole = n & ~7;
    if (type == TYPE_FLOAT16) {
        widen_vectors_avx2(TYPE_FLOAT16, source, target, whole);
    } else {
        widen_vectors_avx2(TYPE_BFLOAT16, source, target, whole);
    }
    widen_scalar(type, source + whole, target + whole, (int32_t)(n - whole));
}
