/*
 * target = target + source.
 *
 * Reads 8 and writes 4 bytes an element: limited by memory.
 */
#include "avx2.h"

void add_scalar(const float *source, float *target, int32_t n) {
    for (int64_t i = 0; i < n; i++) {
        target[i] = target[i] + source[i];
    }
}

AVX2 void add_avx2(const float *source, float *target, int32_t n) {
    const int64_t whole = n & ~7;
    for (int64_t i = 0; i < whole; i += 8) {
        _mm256_storeu_ps(target + i, _mm256_add_ps(_mm256_loadu_ps(target + i), _mm256_loadu_ps(source + i)));
    }
    add_scalar(source + whole, target + whole, (int32_t)(n - whole));
}
