/*
 * x = x - eta (s + lambda x), where s is -1 for a bit of 1, else +1. Four operations, each rounded once: never fused.
 *
 * Reads x and the words and writes x, 8.125 bytes a coordinate: limited by memory.
 */
#include "avx2.h"

void apply_signs_scalar(const void *words, float *parameters, int32_t n, float eta, float lambda) {
    for (int64_t i = 0; i < n; i++) {
        const float s = load_word(words, i / LANES) >> (i % LANES) & 1 ? -1.0f : 1.0f;
        const float x = parameters[i];
        parameters[i] = x - eta * (s + lambda * x);
    }
}

AVX2 void apply_signs_avx2(const void *words, float *parameters, int32_t n, float eta, float lambda) {
    const __m256 etas = _mm256_set1_ps(eta);
    const __m256 lambdas = _mm256_set1_ps(lambda);
    const int64_t whole = n / LANES;
    const int rest = n % LANES;
    for (int64_t w = 0; w < whole; w++) {
        const uint64_t word = load_word(words, w);
        for (int k = 0; k < 8; k++) {
            float *const at = parameters + w * LANES + 8 * k;
            const __m256 x = _mm256_loadu_ps(at);
            const __m256 step = _mm256_add_ps(signed_ones_avx2(word, k), _mm256_mul_ps(lambdas, x));
            _mm256_storeu_ps(at, _mm256_sub_ps(x, _mm256_mul_ps(etas, step)));
        }
    }
    if (rest != 0) {
        apply_signs_scalar(const_word_at(words, whole), parameters + whole * LANES, rest, eta, lambda);
    }
}
