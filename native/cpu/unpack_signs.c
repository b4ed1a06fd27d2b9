/*
 * value = -1 for a bit of 1, else +1.
 *
 * Reads 1/8 byte and writes 4 bytes a coordinate: limited by memory.
 */
#include "avx2.h"

void unpack_signs_scalar(const void *words, float *values, int32_t n) {
    for (int64_t i = 0; i < n; i++) {
        values[i] = load_word(words, i / LANES) >> (i % LANES) & 1 ? -1.0f : 1.0f;
    }
}

AVX2 void unpack_signs_avx2(const void *words, float *values, int32_t n) {
    const int64_t whole = n / LANES;
    const int rest = n % LANES;
    for (int64_t w = 0; w < whole; w++) {
        const uint64_t word = load_word(words, w);
        for (int k = 0; k < 8; k++) {
            _mm256_storeu_ps(values + w * LANES + 8 * k, signed_ones_avx2(word, k));
        }
    }
    if (rest != 0) {
        unpack_signs_scalar(const_word_at(words, whole), values + whole * LANES, rest);
    }
}
